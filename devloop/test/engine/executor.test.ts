import { describe, expect, it } from '@jest/globals';
import { startExecutor } from '../../src/engine/executor.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { edited, sampleProject, started, startTime } from '../support/sample.ts';

function setUp(project: ProjectSpec = sampleProject(['backend'])) {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  store.dispatch(started(project));
  const executor = startExecutor(outside, clock, store, { prepare: async () => {}, takeBack: () => {} });
  const save = (edit: number, service = 'backend') => {
    outside.tags.set(service, `content-${edit}`);
    store.dispatch(edited(edit, [service], ['a.ts'], clock.now()));
  };
  const finishBuild = async (index: number) => {
    outside.builds[index]?.gate.open();
    await settle();
  };
  const finishUpgrade = async (index: number) => {
    outside.upgrades[index]?.gate.open({ revision: index + 1, status: 'deployed', description: '' });
    await settle();
  };
  return { outside, store, executor, save, finishBuild, finishUpgrade };
}

describe('the executor', () => {
  it('builds, then deploys, and rests', async () => {
    const { outside, store, executor, finishBuild, finishUpgrade } = setUp();
    await settle();
    expect(outside.builds).toHaveLength(1);
    expect(outside.upgrades).toHaveLength(0);
    await finishBuild(0);
    await finishUpgrade(0);
    expect(store.types()).toEqual([
      'loop.started',
      'build.started',
      'build.succeeded',
      'deploy.started',
      'deploy.succeeded',
    ]);
    await executor.stop();
  });

  it('deploys again when the cluster is back, without another event', async () => {
    const { outside, store, executor, finishBuild, finishUpgrade } = setUp();
    await settle();
    await finishBuild(0);
    store.dispatch({ type: 'cluster.lost', why: 'connect ECONNREFUSED' });
    outside.upgrades[0]?.gate.fail(new Error('cluster unreachable'));
    await settle();
    expect(store.of('deploy.failed')).toHaveLength(1);
    expect(outside.upgrades).toHaveLength(1);
    store.dispatch({ type: 'cluster.connected' });
    await settle();
    await finishUpgrade(1);
    expect(store.of('deploy.succeeded')).toHaveLength(1);
    await executor.stop();
  });

  it('builds two at a time, and the third when one is done', async () => {
    const { outside, executor, finishBuild } = setUp(sampleProject(['a', 'b', 'c']));
    await settle();
    expect(outside.builds.map(({ image }) => image.repository)).toEqual(['a', 'b']);
    await finishBuild(0);
    expect(outside.builds.map(({ image }) => image.repository)).toEqual(['a', 'b', 'c']);
    await executor.stop();
  });

  it('cuts off the build of an older edit and builds the newest', async () => {
    const { outside, store, executor, save, finishBuild } = setUp();
    await settle();
    save(1);
    save(2);
    await settle();
    expect(outside.builds.map(({ tag, signal }) => [tag, signal.aborted])).toEqual([
      ['content', true],
      ['content-2', false],
    ]);
    await finishBuild(1);
    expect(store.of('build.cancelled').map(({ edit }) => edit)).toEqual([0]);
    expect(store.getState().services['backend']?.image).toMatchObject({ tag: 'content-2', edit: 2 });
    await executor.stop();
  });

  it('lets a running helm finish, and upgrades once more with the newest image', async () => {
    const { outside, executor, save, finishBuild, finishUpgrade } = setUp();
    await settle();
    await finishBuild(0);
    save(1);
    await settle();
    await finishBuild(1);
    expect(outside.upgrades.map(({ signal }) => signal.aborted)).toEqual([false]);
    await finishUpgrade(0);
    expect(outside.upgrades.map(({ upgrade }) => upgrade.set['backend.image.tag'])).toEqual(['content', 'content-1']);
    await executor.stop();
  });

  it('skips the edits that came and went while helm ran', async () => {
    const { outside, executor, save, finishBuild, finishUpgrade } = setUp();
    await settle();
    await finishBuild(0);
    for (const edit of [1, 2]) {
      save(edit);
      await settle();
      await finishBuild(edit);
    }
    await finishUpgrade(0);
    expect(outside.upgrades.map(({ upgrade }) => upgrade.set['backend.image.tag'])).toEqual(['content', 'content-2']);
    await executor.stop();
  });

  it('tries again after a failure with the next edit only', async () => {
    const { outside, store, executor, save, finishBuild } = setUp();
    await settle();
    outside.builds[0]?.gate.fail(new Error('exit code: 1'));
    await settle();
    expect(store.of('build.failed')).toHaveLength(1);
    expect(outside.builds).toHaveLength(1);
    save(1);
    await settle();
    await finishBuild(1);
    expect(store.getState().releases['tasks']?.deploy.status).toBe('running');
    await executor.stop();
  });

  it('builds and upgrades nothing when an edit is taken back', async () => {
    const { outside, store, executor, finishBuild, finishUpgrade } = setUp();
    await settle();
    await finishBuild(0);
    await finishUpgrade(0);
    store.dispatch(edited(1, ['backend'], ['a.ts'], startTime));
    await settle();
    expect(store.of('build.succeeded').at(-1)).toMatchObject({ reused: true, image: { edit: 1 } });
    expect([outside.builds.length, outside.upgrades.length]).toEqual([1, 1]);
    await executor.stop();
  });
});

describe('stopping', () => {
  it('cuts builds off', async () => {
    const { outside, store, executor } = setUp(sampleProject());
    await settle();
    await executor.stop();
    expect(outside.builds.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(store.of('build.cancelled').map(({ service }) => service)).toEqual(['backend', 'frontend']);
    expect(outside.builds).toHaveLength(2);
  });

  it('interrupts helm, and waits until it has ended', async () => {
    const { outside, executor, finishBuild } = setUp();
    await settle();
    await finishBuild(0);
    outside.slow.helm = true;
    let stopped = false;
    const stopping = executor.stop().then(() => {
      stopped = true;
    });
    await settle();
    expect([outside.upgrades[0]?.signal.aborted, stopped]).toEqual([true, false]);
    outside.upgrades[0]?.gate.fail(new Error('interrupted'));
    await stopping;
    expect(stopped).toBe(true);
  });

  it('starts nothing any more', async () => {
    const { outside, executor, save } = setUp();
    await settle();
    await executor.stop();
    save(1);
    await settle();
    expect(outside.builds).toHaveLength(1);
  });
});
