import { describe, expect, it } from '@jest/globals';
import { settle } from '../fakes/ticks.ts';
import { sampleProject, startTime } from '../support/sample.ts';
import { setUp } from './action-loop.ts';

describe('restart', () => {
  it('starts the pods of each workload anew, as kubectl does', async () => {
    const { outside, intents, run, notices, stop } = setUp();
    await run();
    intents.restart('backend');
    await settle();
    expect(outside.kubernetes.restarted).toEqual([`Deployment backend ${new Date(startTime).toISOString()}`]);
    expect(notices()).toEqual(['backend: new pods are started for Deployment backend']);
    await stop();
  });

  it('that the API server refuses is told, and the loop goes on', async () => {
    const { outside, intents, run, notices, stop } = setUp();
    await run();
    outside.kubernetes.restart = () => Promise.reject(new Error('forbidden'));
    intents.restart('backend');
    await settle();
    expect(notices()).toEqual(['backend could not be restarted: forbidden']);
    await stop();
  });

  it('of a service without a workload is refused', async () => {
    const { intents, notices, stop } = setUp();
    intents.restart('backend');
    await settle();
    expect(notices()).toEqual(['backend cannot be restarted: no workload of it is in the cluster']);
    await stop();
  });
});

describe('a service that is switched off', () => {
  it('is not built, and is built when it is switched on again', async () => {
    const { outside, intents, save, build, upgrade, stop } = setUp(sampleProject(['backend', 'frontend']));
    await settle();
    for (const { gate } of outside.builds) gate.open();
    await settle();
    await upgrade();
    intents.setActive('backend', false);
    await save(1);
    expect(outside.builds).toHaveLength(2);
    await save(2, 'frontend');
    await build();
    expect(outside.upgrades.at(-1)?.upgrade.set['frontend.image.tag']).toBe('content-2');
    intents.setActive('backend', true);
    await settle();
    expect(outside.builds.at(-1)?.tag).toBe('content-1');
    await stop();
  });

  it('ends a build that runs, when it has an image already', async () => {
    const { outside, intents, save, build, stop } = setUp();
    await settle();
    await build();
    await save(1);
    intents.setActive('backend', false);
    await settle();
    expect(outside.builds.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    await stop();
  });

  it('is told of once', async () => {
    const { store, intents, stop } = setUp();
    intents.setActive('backend', false);
    intents.setActive('backend', false);
    expect(store.of('service.toggled')).toMatchObject([{ service: 'backend', active: false }]);
    expect(store.getState().project?.services[0]?.active).toBe(false);
    await stop();
  });
});

it('nothing is asked of a loop that ends', async () => {
  const { store, intents, notices, stop } = setUp();
  store.dispatch({ type: 'loop.stopping', why: 'quit' });
  intents.restart('backend');
  intents.rollback('backend');
  expect(notices()).toEqual([
    'backend cannot be restarted: the loop does not run',
    'backend cannot be rolled back: the loop does not run',
  ]);
  await stop();
});
