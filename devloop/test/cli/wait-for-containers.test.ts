import { describe, expect, it } from '@jest/globals';
import { waitForContainers } from '../../src/cli/wait-for-containers.ts';
import type { ContainerView } from '../../src/model/pod.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { podChanged, sampleContainer, samplePod, started, startTime } from '../support/sample.ts';

const making: Partial<ContainerView> = { state: 'waiting', reason: 'ContainerCreating', ready: false };

async function setUp(container: Partial<ContainerView>, services = ['backend']) {
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  const tell = async (changes: Partial<ContainerView>) => {
    store.dispatch(podChanged(samplePod('backend', 0, { containers: [sampleContainer('backend', 0, changes)] })));
    await settle();
  };
  store.dispatch(started());
  await tell(container);
  const outcome = { isOver: false };
  void waitForContainers(store, clock, services, controller.signal).then(() => {
    outcome.isOver = true;
  });
  await settle();
  return { clock, controller, outcome, tell };
}

describe('the containers of a service', () => {
  it.each([
    ['runs', { state: 'running' as const }],
    ['has ended', { state: 'terminated' as const, exitCode: 1 }],
    ['waits after a crash', { state: 'waiting' as const, reason: 'CrashLoopBackOff' }],
    ['cannot get its image', { state: 'waiting' as const, reason: 'ImagePullBackOff' }],
  ])('are not waited for when one %s', async (_, container) => {
    const { clock, outcome } = await setUp(container);
    expect(outcome.isOver).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  it('are not waited for when they are another service’s', async () => {
    const { outcome } = await setUp(making, ['frontend']);
    expect(outcome.isOver).toBe(true);
  });

  it.each([making, { ...making, reason: 'PodInitializing' }])('are waited for while one is made', async (container) => {
    const { clock, outcome, tell } = await setUp(container);
    expect(outcome.isOver).toBe(false);
    await tell({ state: 'running' });
    expect(outcome.isOver).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  it('are waited for 15 seconds at the most', async () => {
    const { clock, outcome } = await setUp(making);
    clock.advance(14_999);
    await settle();
    expect(outcome.isOver).toBe(false);
    clock.advance(1);
    await settle();
    expect(outcome.isOver).toBe(true);
  });

  it('are not waited for after an interrupt', async () => {
    const { clock, controller, outcome } = await setUp(making);
    controller.abort();
    await settle();
    expect(outcome.isOver).toBe(true);
    expect(clock.pending()).toBe(0);
  });
});
