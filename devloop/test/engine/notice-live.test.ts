import { describe, expect, it } from '@jest/globals';
import { noticeLive } from '../../src/engine/notice-live.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import {
  deployed,
  edited,
  imageOf,
  podChanged,
  probed,
  sampleContainer,
  samplePod,
  sampleProject,
  started,
  startTime,
} from '../support/sample.ts';

function setUp() {
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  noticeLive(store, controller.signal);
  store.dispatch(started(sampleProject(['backend'])));
  const after = (ms: number, ...events: readonly LoopEvent[]) => {
    clock.advance(ms);
    for (const event of events) store.dispatch(event);
  };
  const build = (edit: number, ms: number) => {
    after(0, { type: 'build.started', service: 'backend', edit });
    after(ms, { type: 'build.succeeded', service: 'backend', image: imageOf('backend', edit), reused: false, ms });
  };
  /** Deploys what is built. */
  const deploy = (edit: number, ms: number) => {
    const image = store.getState().services['backend']?.image ?? imageOf('backend', edit);
    const [begin, ...end] = deployed({ backend: image }, 'inputs', edit);
    if (begin) after(0, begin);
    after(ms, ...end);
  };
  const startUp = () => {
    build(0, 300);
    deploy(0, 200);
    after(500, podChanged(samplePod('backend', 0)));
  };
  return { store, controller, after, build, deploy, startUp };
}

const starting = (edit: number) =>
  samplePod('backend', edit, { ready: false, containers: [sampleContainer('backend', edit, { ready: false })] });

describe('a service goes live', () => {
  it('when the first pod of the start is ready, with the parts of its time', () => {
    const { store, startUp } = setUp();
    startUp();
    expect(store.of('service.live')[0]).toMatchObject({
      service: 'backend',
      edit: 0,
      ms: { watch: 0, build: 300, deploy: 200, ready: 500, total: 1000 },
    });
  });

  it('with an edit, counted from the save', () => {
    const { store, after, build, deploy, startUp } = setUp();
    startUp();
    const saved = startTime + 2000;
    after(1060, edited(1, ['backend'], ['a.ts'], saved));
    build(1, 240);
    deploy(1, 210);
    after(690, podChanged(samplePod('backend', 1)));
    const [, event] = store.of('service.live');
    expect(event).toMatchObject({ edit: 1, ms: { watch: 60, build: 240, deploy: 210, ready: 690, total: 1200 } });
  });

  it('with parts that add up to the whole', () => {
    const { store, startUp } = setUp();
    startUp();
    const { total, ...parts } = store.of('service.live')[0]?.ms ?? { total: -1 };
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
  });

  it('once for an edit', () => {
    const { store, after, startUp } = setUp();
    startUp();
    after(10, podChanged(samplePod('backend', 0, { name: 'backend-second' })));
    expect(store.of('service.live')).toHaveLength(1);
  });

  it('when its own probe answers, before Kubernetes says Ready', () => {
    const { store, after, build, deploy } = setUp();
    build(0, 300);
    deploy(0, 200);
    after(100, podChanged(starting(0)));
    expect(store.of('service.live')).toEqual([]);
    after(50, probed(starting(0), { at: startTime + 2000 }));
    expect(store.of('service.live')).toHaveLength(1);
  });

  it('when the pod answered before helm was done', () => {
    const { store, after, build } = setUp();
    build(0, 300);
    const [begin, end] = deployed(
      { backend: store.getState().services['backend']?.image ?? imageOf('backend') },
      'inputs',
    );
    if (!begin || !end) throw new Error('a deploy begins and ends');
    after(0, begin);
    after(150, podChanged(samplePod('backend', 0)));
    expect(store.of('service.live')).toEqual([]);
    after(50, end);
    expect(store.of('service.live')[0]?.ms).toMatchObject({ ready: 0, total: 500 });
  });
});

describe('a service is not live', () => {
  it.each([
    ['with a pod of an older edit', samplePod('backend', 0, { name: 'old' })],
    ['with a pod that ends', samplePod('backend', 1, { deleting: true })],
    ['with a pod that a rollout replaces', samplePod('backend', 1, { current: false })],
    ['with a pod that only starts', starting(1)],
  ])('%s', (_, pod) => {
    const { store, after, build, deploy, startUp } = setUp();
    startUp();
    after(0, edited(1, ['backend'], ['a.ts'], startTime));
    build(1, 1);
    deploy(1, 1);
    after(1, podChanged(pod));
    expect(store.of('service.live').map(({ edit }) => edit)).toEqual([0]);
  });

  it('after the end', () => {
    const { store, controller, startUp } = setUp();
    controller.abort();
    startUp();
    expect(store.of('service.live')).toEqual([]);
  });
});
