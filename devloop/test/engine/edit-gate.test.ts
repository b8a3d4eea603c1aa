import { describe, expect, it } from '@jest/globals';
import { runLoop } from '../../src/engine/loop.ts';
import { createLoopIntents } from '../../src/engine/loop-intents.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { buildFailed, sampleProject, sampleService, startTime } from '../support/sample.ts';

const service = (name: string) => {
  const sample = sampleService(name, 0);
  const image = sample.image && { ...sample.image, context: `/project/${name}` };
  return { ...sample, ports: [], ...(image && { image }) };
};
const project: ProjectSpec = { ...sampleProject([]), services: [service('backend'), service('frontend')] };

async function setUp(load: () => Promise<ProjectSpec> = async () => project) {
  const outside = createFakeOutside();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  const { signal } = controller;
  const listen = () => Promise.reject(new Error('no port is asked for'));
  const parts = { outside, clock, store, project, bound: new Map(), listen, loadProject: load, watchFiles: true };
  const cluster = { context: 'minikube', kind: 'minikube', why: 'it runs' };
  const done = runLoop({ ...parts, cluster }, signal);
  const intents = createLoopIntents(outside.kubernetes, clock, store, signal);
  await settle();
  for (const { gate } of outside.builds) gate.open();
  await settle();
  const save = async (...files: readonly string[]) => {
    outside.watches.at(-1)?.onBatch({ files, changedAt: clock.now() });
    await settle();
  };
  const stop = async () => {
    controller.abort('quit');
    await done;
  };
  const edits = () => store.of('edit').map(({ edit, files, services }) => [edit, files, services]);
  return { outside, clock, store, intents, save, stop, edits };
}

describe('while watching is paused', () => {
  it('edits are collected, and are one when it is resumed', async () => {
    const { clock, store, intents, save, stop, edits } = await setUp();
    intents.pause();
    await save('/project/backend/a.ts', '/project/backend/b.ts');
    await save('/project/backend/a.ts', '/project/frontend/c.ts');
    expect([edits(), store.getState().paused]).toEqual([[], { files: 3, since: startTime }]);
    clock.advance(60_000);
    intents.resume();
    await settle();
    expect(store.getState().paused).toBeUndefined();
    expect(edits()).toEqual([[1, ['backend/a.ts', 'backend/b.ts', 'frontend/c.ts'], ['backend', 'frontend']]]);
    expect(store.of('edit')[0]?.changedAt).toBe(startTime + 60_000);
    await stop();
  });

  it('nothing is an edit when nothing was saved', async () => {
    const { store, intents, stop, edits } = await setUp();
    intents.pause();
    intents.pause();
    intents.resume();
    intents.resume();
    await settle();
    expect(edits()).toEqual([]);
    expect(store.types().filter((type) => type.startsWith('watch.'))).toEqual(['watch.paused', 'watch.resumed']);
    await stop();
  });

  it('the configuration waits too', async () => {
    const { store, intents, save, stop } = await setUp(async () => ({ ...project, parallelBuilds: 5 }));
    intents.pause();
    await save('/project/devloop.config.ts');
    expect(store.getState().project?.parallelBuilds).toBe(2);
    intents.resume();
    await settle();
    expect(store.getState().project?.parallelBuilds).toBe(5);
    await stop();
  });

  it('a build that runs goes on', async () => {
    const { outside, store, intents, save, stop } = await setUp();
    outside.tags.set('backend', 'edited');
    await save('/project/backend/a.ts');
    intents.pause();
    outside.builds.at(-1)?.gate.open();
    await settle();
    expect(store.getState().services['backend']?.image?.tag).toBe('edited');
    await stop();
  });

  it('the loop can be left', async () => {
    const { intents, save, stop, edits, store } = await setUp();
    intents.pause();
    await save('/project/backend/a.ts');
    await stop();
    intents.resume();
    await settle();
    expect(edits()).toEqual([]);
    expect(store.types().at(-1)).toBe('watch.resumed');
  });
});

describe('files whose content is as it was', () => {
  it('are left out of the edit', async () => {
    const { outside, save, stop, edits } = await setUp();
    outside.unchanged.add('/project/backend/a.ts');
    await save('/project/backend/a.ts');
    await save('/project/backend/a.ts', '/project/frontend/c.ts');
    expect(edits()).toEqual([[1, ['frontend/c.ts'], ['frontend']]]);
    await stop();
  });

  it('are an edit of what has failed', async () => {
    const { outside, store, save, stop, edits } = await setUp();
    outside.unchanged.add('/project/backend/a.ts');
    for (const event of buildFailed('backend', 0, { title: 'no', why: 'no space left on device' }))
      store.dispatch(event);
    await save('/project/backend/a.ts');
    expect(edits()).toEqual([[1, ['backend/a.ts'], ['backend']]]);
    await stop();
  });

  it('are none after the pause either', async () => {
    const { outside, intents, save, stop, edits } = await setUp();
    intents.pause();
    await save('/project/backend/a.ts', '/project/frontend/c.ts');
    outside.unchanged.add('/project/backend/a.ts').add('/project/frontend/c.ts');
    intents.resume();
    await settle();
    expect(edits()).toEqual([]);
    await stop();
  });

  it('are no reason to read the configuration again, but where it could not be used', async () => {
    const bad = new Error('no such Dockerfile');
    let loads = 0;
    const { outside, store, save, stop } = await setUp(async () => {
      loads += 1;
      if (loads === 1) throw bad;
      return project;
    });
    await save('/project/devloop.config.ts');
    expect([loads, store.getState().configProblem?.why]).toEqual([1, 'no such Dockerfile']);
    outside.unchanged.add('/project/devloop.config.ts');
    await save('/project/devloop.config.ts');
    expect([loads, store.getState().configProblem]).toEqual([2, undefined]);
    await save('/project/devloop.config.ts');
    expect(loads).toBe(2);
    await stop();
  });
});

describe('while git works', () => {
  it('the state says what waits and why, until it goes on', async () => {
    const { outside, store, stop } = await setUp();
    const { held, notice } = outside.watches.at(-1)?.handlers ?? {};
    held?.({ files: 2, why: 'index.lock stands' });
    held?.({ files: 3, why: 'index.lock stands' });
    expect(store.getState().held).toEqual({ files: 3, why: 'index.lock stands' });
    held?.(undefined);
    expect(store.getState().held).toBeUndefined();
    notice?.('warning', 'the lock is left over');
    expect(store.of('notice').map(({ level, text }) => [level, text])).toEqual([['warning', 'the lock is left over']]);
    await stop();
  });
});

describe('a service that is not active', () => {
  it('gets its edits when it is active again, as one', async () => {
    const { intents, save, stop, edits } = await setUp();
    intents.setActive('backend', false);
    await settle();
    await save('/project/backend/a.ts');
    await save('/project/backend/b.ts', '/project/frontend/c.ts');
    expect(edits()).toEqual([[1, ['backend/b.ts', 'frontend/c.ts'], ['frontend']]]);
    intents.setActive('backend', true);
    await settle();
    expect(edits().slice(1)).toEqual([[2, ['backend/a.ts', 'backend/b.ts'], ['backend']]]);
    await stop();
  });

  it('makes no edit when nothing of it was saved', async () => {
    const { intents, save, stop, edits } = await setUp();
    intents.setActive('backend', false);
    await settle();
    await save('/project/README.md');
    intents.setActive('backend', true);
    await settle();
    expect(edits()).toEqual([]);
    await stop();
  });

  it('stays so when the configuration is read again', async () => {
    const { store, intents, save, stop } = await setUp();
    intents.setActive('backend', false);
    await settle();
    await save('/project/devloop.config.ts');
    expect(store.getState().project?.services.map(({ active }) => active)).toEqual([false, true]);
    await stop();
  });
});
