import { describe, expect, it } from '@jest/globals';
import { buildImage } from '../../src/engine/build-image.ts';
import { outsideFault } from '../../src/model/errors.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { sampleService, started, startTime } from '../support/sample.ts';

function setUp(edit = 1) {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  store.dispatch(started());
  const controller = new AbortController();
  const done = () =>
    buildImage(outside, clock, store.dispatch, sampleService('backend', 4000), { edit }, controller.signal);
  return { outside, clock, store, controller, done };
}

describe('a build', () => {
  it('is made when the daemon has no image of this content', async () => {
    const { outside, clock, store, done } = setUp();
    const work = done();
    await settle();
    const [build] = outside.builds;
    expect(build).toMatchObject({ tag: 'content', image: { repository: 'backend' } });
    build?.report.step({ id: 's1', name: 'RUN make', status: 'running' });
    build?.report.output('compiling');
    clock.advance(240);
    build?.gate.open();
    await work;
    expect(store.types()).toEqual(['loop.started', 'build.started', 'build.step', 'log', 'build.succeeded']);
    expect(store.of('build.succeeded')[0]).toMatchObject({
      service: 'backend',
      image: { repository: 'backend', tag: 'content', edit: 1 },
      reused: false,
      ms: 240,
    });
    expect(store.of('log')[0]?.line).toEqual({ at: startTime, service: 'backend', source: 'build', text: 'compiling' });
  });

  it('is spared when the daemon has it', async () => {
    const { outside, store, done } = setUp();
    outside.images.add('backend:content');
    await done();
    expect(outside.builds).toEqual([]);
    expect(store.of('build.succeeded')[0]).toMatchObject({ reused: true, image: { tag: 'content', edit: 1 } });
  });

  it('that fails keeps the problem of the builder', async () => {
    const { outside, clock, store, done } = setUp();
    const work = done();
    await settle();
    clock.advance(310);
    outside.builds[0]?.gate.fail(
      outsideFault({ title: 'The build of backend failed', why: 'exit code: 1', evidence: ['TS2322'] }),
    );
    await work;
    expect(store.of('build.failed')[0]).toMatchObject({
      edit: 1,
      ms: 310,
      problem: { title: 'The build of backend failed', why: 'exit code: 1', evidence: ['TS2322'] },
    });
  });

  it.each([
    ['the same image', 'sha256:1', true],
    ['another image', 'sha256:2', false],
  ])('that was asked for runs although the image is there, and says when it made %s', async (_, made, unchanged) => {
    const { outside, clock, store, controller } = setUp();
    outside.images.add('backend:content');
    outside.imageIds.set('backend:content', 'sha256:1');
    const asked = { edit: 1, forced: true };
    const work = buildImage(outside, clock, store.dispatch, sampleService('backend', 1), asked, controller.signal);
    await settle();
    outside.imageIds.set('backend:content', made);
    outside.builds[0]?.gate.open();
    await work;
    expect(store.of('build.started')[0]?.forced).toBe(true);
    expect(store.of('build.succeeded')[0]).toMatchObject({ reused: false, unchanged });
  });

  it('that cannot be hashed fails with the reason', async () => {
    const { outside, clock, store } = setUp();
    const files = { ...outside.files, imageTag: () => Promise.reject(new Error('EACCES: permission denied')) };
    await buildImage(
      { ...outside, files },
      clock,
      store.dispatch,
      sampleService('backend', 1),
      { edit: 1 },
      new AbortController().signal,
    );
    expect(store.of('build.failed')[0]?.problem).toEqual({
      title: 'The build of backend failed',
      why: 'EACCES: permission denied',
    });
  });

  it('that is cut off is cancelled, not failed', async () => {
    const { outside, store, controller, done } = setUp();
    const work = done();
    await settle();
    controller.abort();
    await work;
    expect(outside.builds[0]?.signal.aborted).toBe(true);
    expect(store.types()).toEqual(['loop.started', 'build.started', 'build.cancelled']);
  });

  it('that comes through although it was cut off is cancelled all the same', async () => {
    const { outside, store, controller, done } = setUp();
    outside.images.add('backend:content');
    const work = done();
    controller.abort();
    await work;
    expect(store.of('build.succeeded')).toEqual([]);
    expect(store.of('build.cancelled')).toHaveLength(1);
  });

  it('of a service without an image is none', async () => {
    const { outside, clock, store, controller } = setUp();
    const { image: _, ...database } = sampleService('database', 1);
    await buildImage(outside, clock, store.dispatch, database, { edit: 1 }, controller.signal);
    expect(store.types()).toEqual(['loop.started']);
  });
});
