import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import type { ContainerView } from '../../src/model/pod.ts';
import { limitsOf, type PodUsage } from '../../src/model/pod-usage.ts';
import { createStore } from '../../src/state/store.ts';
import { allHealthy, podChanged, sampleContainer, samplePod, startTime } from '../support/sample.ts';

const stats = (pods: readonly PodUsage[], unavailable = {}): LoopEvent => ({ type: 'pods.stats', pods, unavailable });

function usageAfter(...events: readonly LoopEvent[]) {
  const store = createStore(() => startTime);
  for (const event of [...allHealthy(), podChanged(samplePod('backend', 1)), ...events]) store.dispatch(event);
  return store.getState().usage;
}
const [first, second] = ['backend-7d9f-0', 'backend-7d9f-1'];

describe('what is known of what pods use', () => {
  it('is a sample for each pod, and the sum of its service', () => {
    const usage = usageAfter(
      stats([
        { uid: first, cpu: 10, memory: 100 },
        { uid: second, memory: 50 },
        { uid: 'frontend-7d9f-0', cpu: 1, memory: 7 },
      ]),
    );
    expect(usage.pods).toEqual({
      [first]: [{ at: startTime, cpu: 10, memory: 100 }],
      [second]: [{ at: startTime, memory: 50 }],
      'frontend-7d9f-0': [{ at: startTime, cpu: 1, memory: 7 }],
    });
    expect(usage.services).toEqual({
      backend: [{ at: startTime, cpu: 10, memory: 150 }],
      frontend: [{ at: startTime, cpu: 1, memory: 7 }],
    });
  });

  it('is the last two minutes', () => {
    const polls = Array.from({ length: 30 }, (_, cpu) => stats([{ uid: first, cpu }]));
    const { pods, services } = usageAfter(...polls);
    expect(pods[first]?.map(({ cpu }) => cpu)).toEqual(Array.from({ length: 24 }, (_, index) => index + 6));
    expect(services['backend']).toHaveLength(24);
  });

  it('goes with the pod; the service’s goes on', () => {
    const usage = usageAfter(stats([{ uid: first, cpu: 10 }]), stats([{ uid: second, cpu: 20 }]));
    expect(Object.keys(usage.pods)).toEqual([second]);
    expect(usage.services['backend']?.map(({ cpu }) => cpu)).toEqual([10, 20]);
  });

  it('is nothing of a pod that has gone meanwhile', () => {
    const gone: LoopEvent = { type: 'pod.removed', uid: first, name: first, service: 'backend' };
    expect(usageAfter(gone, stats([{ uid: first, cpu: 10 }])).pods).toEqual({});
  });

  it('says which nodes tell nothing, and why', () => {
    expect(usageAfter(stats([], { one: 'forbidden' })).unavailable).toEqual({ one: 'forbidden' });
  });
});

describe('what pods may use', () => {
  const podWith = (...limits: (ContainerView['limits'] | undefined)[]) =>
    samplePod('backend', 0, {
      containers: [
        sampleContainer('migrate', 0, { init: true }),
        ...limits.map((one) => sampleContainer('backend', 0, one ? { limits: one } : {})),
      ],
    });

  it.each<[string, ReturnType<typeof podWith>[], object]>([
    [
      'is the sum of the containers',
      [podWith({ cpu: 500, memory: 256 }, { cpu: 100, memory: 44 })],
      { cpu: 600, memory: 300 },
    ],
    ['is the sum of the pods', [podWith({ memory: 256 }), podWith({ memory: 256 })], { memory: 512 }],
    ['is without end where one container has no limit', [podWith({ memory: 256 }, undefined)], {}],
    ['is without end where one pod has no limit', [podWith({ memory: 256 }), podWith(undefined)], {}],
    ['is nothing without pods', [], {}],
  ])('%s', (_, pods, expected) => {
    expect(limitsOf(pods)).toEqual(expected);
  });
});
