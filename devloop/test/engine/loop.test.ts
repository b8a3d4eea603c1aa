import { describe, expect, it } from '@jest/globals';
import { runLoop } from '../../src/engine/loop.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { createGate, settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { sampleProject, sampleService, startTime } from '../support/sample.ts';

const project: ProjectSpec = { ...sampleProject([]), services: [{ ...sampleService('backend', 0), ports: [] }] };
const cluster = { context: 'minikube', kind: 'minikube', why: 'it runs' };

async function setUp(change: { load?: () => Promise<ProjectSpec>; watchFiles?: boolean } = {}) {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  const listen = () => Promise.reject(new Error('no port is asked for'));
  const loadProject = change.load ?? (async () => project);
  const done = runLoop(
    {
      outside,
      clock,
      store,
      project,
      cluster,
      bound: new Map(),
      listen,
      loadProject,
      watchFiles: change.watchFiles ?? true,
    },
    controller.signal,
  );
  await settle();
  const save = async (...files: readonly string[]) => {
    outside.watches.at(-1)?.onBatch({ files, changedAt: clock.now() });
    await settle();
  };
  const stop = async () => {
    controller.abort('quit');
    await done;
  };
  return { outside, clock, store, done, save, stop };
}

describe('the loop', () => {
  it('watches files and cluster before it builds', async () => {
    const { outside, store, stop } = await setUp();
    expect(store.types()).toEqual(['loop.started', 'build.started']);
    expect(outside.watches).toHaveLength(1);
    expect(outside.kubernetes.handlers).toBeDefined();
    await stop();
  });

  it('watches no files when it runs once', async () => {
    const { outside, stop } = await setUp({ watchFiles: false });
    expect(outside.watches).toEqual([]);
    await stop();
  });

  it('turns a save into a build', async () => {
    const { outside, save, stop } = await setUp();
    outside.builds[0]?.gate.open();
    await settle();
    outside.tags.set('backend', 'edited');
    await save('/project/backend/server.ts');
    expect(outside.builds.map(({ tag }) => tag)).toEqual(['content', 'edited']);
    await stop();
  });

  it('ends in order: first the builds, then the watches', async () => {
    const { outside, store, stop } = await setUp();
    await stop();
    expect(store.types().slice(-2)).toEqual(['loop.stopping', 'build.cancelled']);
    expect(store.of('loop.stopping')[0]?.why).toBe('quit');
    expect(outside.watches[0]?.signal.aborted).toBe(true);
  });

  it('can be ended while the API server does not answer', async () => {
    const outside = createFakeOutside();
    outside.kubernetes.watch = () => new Promise(() => {});
    const clock = createFakeClock(startTime);
    const store = createRecordedStore(clock.now);
    const controller = new AbortController();
    const listen = () => Promise.reject(new Error('no'));
    const parts = {
      outside,
      clock,
      store,
      project,
      cluster,
      bound: new Map(),
      listen,
      loadProject: async () => project,
      watchFiles: false,
    };
    const done = runLoop(parts, controller.signal);
    await settle();
    controller.abort('SIGINT');
    await done;
    expect(store.types()).toEqual(['loop.started', 'loop.stopping']);
  });

  it('that cannot make the namespace ends with that error', async () => {
    const outside = createFakeOutside();
    outside.kubernetes.ensureNamespace = () => Promise.reject(new Error('forbidden'));
    const clock = createFakeClock(startTime);
    const store = createRecordedStore(clock.now);
    const listen = () => Promise.reject(new Error('no'));
    const parts = {
      outside,
      clock,
      store,
      project,
      cluster,
      bound: new Map(),
      listen,
      loadProject: async () => project,
      watchFiles: true,
    };
    await expect(runLoop(parts, new AbortController().signal)).rejects.toThrow('forbidden');
    expect(store.events.map((event) => event.type)).toEqual(['loop.started']);
  });
});

describe('an edit of the configuration', () => {
  const config = '/project/devloop.config.ts';

  it('is taken over, and what it names is watched from then on', async () => {
    const changed = { ...project, parallelBuilds: 5 };
    const { outside, store, save, stop } = await setUp({ load: async () => changed });
    await save(config);
    expect(store.getState().project?.parallelBuilds).toBe(5);
    expect(outside.watches.map(({ project: watched, signal }) => [watched.parallelBuilds, signal.aborted])).toEqual([
      [2, true],
      [5, false],
    ]);
    await stop();
  });

  it('that is bad changes nothing', async () => {
    const { outside, store, save, stop } = await setUp({ load: () => Promise.reject(new Error('line 3')) });
    await save(config);
    expect(store.of('config.rejected')).toHaveLength(1);
    expect(outside.watches).toHaveLength(1);
    await stop();
  });

  it('is taken over in the order of the saves, however long each load takes', async () => {
    const first = createGate<ProjectSpec>();
    const loads = [first.promise, Promise.resolve({ ...project, parallelBuilds: 7 })];
    const { store, save, stop } = await setUp({ load: () => loads.shift() ?? Promise.resolve(project) });
    await save(config);
    await save(config);
    first.open({ ...project, parallelBuilds: 3 });
    await settle();
    expect(store.getState().project?.parallelBuilds).toBe(7);
    await stop();
  });

  it('that is still loading when the loop ends leaves nothing behind', async () => {
    const gate = createGate<ProjectSpec>();
    const { outside, store, save, stop } = await setUp({ load: () => gate.promise });
    await save(config);
    const stopping = stop();
    await settle();
    gate.open({ ...project, parallelBuilds: 9 });
    await stopping;
    await settle();
    expect(outside.watches.filter(({ signal }) => !signal.aborted)).toEqual([]);
    expect(store.of('edit')).toEqual([]);
  });

  it('whose files cannot be watched is told, and the loop goes on', async () => {
    const { outside, store, save, stop } = await setUp({ load: async () => ({ ...project, parallelBuilds: 5 }) });
    const { files } = outside;
    files.watch = () => Promise.reject(new Error('ENOSPC'));
    await save(config);
    expect(store.of('notice')[0]).toMatchObject({ level: 'warning', text: expect.stringContaining('ENOSPC') });
    expect(outside.watches[0]?.signal.aborted).toBe(false);
    await stop();
  });
});

it('an edit of an ignore file is watched by its new rules', async () => {
  const { outside, save, stop } = await setUp();
  await save('/project/.dockerignore');
  expect(outside.watches.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await stop();
});
