import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import type { KubeEventView, ProbeSpec } from '../../src/model/pod.ts';
import { createStore } from '../../src/state/store.ts';
import { podChanged, probed, sampleContainer, samplePod, started, startTime } from '../support/sample.ts';

const readiness: ProbeSpec = {
  kind: 'readiness',
  container: 'web',
  action: { type: 'http', scheme: 'http', path: '/ready' },
  port: 8080,
  period: 1000,
  timeout: 1000,
  failureThreshold: 3,
  initialDelay: 0,
};
const pod = samplePod('backend', 0, {
  containers: [sampleContainer('migrate', 0, { init: true }), sampleContainer('proxy'), sampleContainer('web')],
  probes: [readiness],
});
const unhealthy = (message: string, change: Partial<KubeEventView> = {}): LoopEvent => ({
  type: 'kubernetes.event',
  event: {
    uid: 'e1',
    type: 'Warning',
    reason: 'Unhealthy',
    message,
    object: { kind: 'Pod', name: pod.name },
    service: 'backend',
    count: 1,
    at: startTime,
    ...change,
  },
});
const resultsAfter = (...events: readonly LoopEvent[]) => {
  const store = createStore(() => startTime);
  for (const event of [started(), podChanged(pod), ...events]) store.dispatch(event);
  return store.getState().pods[pod.uid]?.probes ?? [];
};

describe("the kubelet's failures of probes", () => {
  it.each([
    [
      'Readiness probe failed: HTTP probe failed with statuscode: 503',
      { kind: 'readiness', code: 503, detail: 'HTTP probe failed with statuscode: 503', container: 'web' },
    ],
    [
      'Liveness probe failed: dial tcp 10.0.0.3:8080: connect: connection refused',
      { kind: 'liveness', detail: 'dial tcp 10.0.0.3:8080: connect: connection refused', container: 'proxy' },
    ],
    [
      'Startup probe failed: cat: /ready: No such file\nor folder\n',
      { kind: 'startup', detail: 'cat: /ready: No such file or folder' },
    ],
    [
      'Readiness probe errored and resulted in unknown state: rpc error: code = Unknown',
      { kind: 'readiness', detail: 'rpc error: code = Unknown' },
    ],
  ])('are results: %j', (message, expected) => {
    const [result] = resultsAfter(unhealthy(message));
    expect(result).toMatchObject({ ok: false, from: 'kubelet', latency: 0, at: startTime, uid: pod.uid, ...expected });
    if (!('code' in expected)) expect(result).not.toHaveProperty('code');
  });

  it.each<[string, LoopEvent]>([
    ['another reason', unhealthy('Readiness probe failed: x', { reason: 'BackOff' })],
    ['another message', unhealthy('Readiness probe warning: redirect')],
    ['another object', unhealthy('Readiness probe failed: x', { object: { kind: 'Pod', name: 'gone' } })],
  ])('are none of an event of %s', (_, event) => {
    expect(resultsAfter(event)).toEqual([]);
  });

  it('are of the container that the event names', () => {
    expect(resultsAfter(unhealthy('Readiness probe failed: x', { container: 'proxy' }))[0]?.container).toBe('proxy');
  });

  it('come once each, though an event is told again', () => {
    const again = unhealthy('Readiness probe failed: x', { count: 2, at: startTime + 5000 });
    const results = resultsAfter(unhealthy('Readiness probe failed: x'), again, again);
    expect(results.map(({ at }) => at)).toEqual([startTime, startTime + 5000]);
  });

  it('are left out while devloop sees the probe fail itself', () => {
    const failed = probed(pod, { ok: false, container: 'web', at: startTime - 500 });
    const passed = probed(pod, { container: 'web', at: startTime - 500 });
    const event = unhealthy('Readiness probe failed: x');
    expect(resultsAfter(failed, event).map(({ from }) => from)).toEqual(['devloop']);
    expect(resultsAfter(failed, passed, event).map(({ from }) => from)).toEqual(['devloop', 'devloop', 'kubelet']);
  });

  it('stand where they belong among the results of devloop', () => {
    const results = resultsAfter(
      probed(pod, { at: startTime - 1000 }),
      probed(pod, { at: startTime + 1000 }),
      unhealthy('Readiness probe failed: x'),
    );
    expect(results.map(({ from }) => from)).toEqual(['devloop', 'kubelet', 'devloop']);
  });
});

describe('the time when a pod was Ready first', () => {
  it('is that of its condition, not set before, and stays when it is Ready again', () => {
    const store = createStore(() => startTime);
    const first = () => store.getState().pods[pod.uid]?.firstReadyAt;
    store.dispatch(podChanged({ ...pod, ready: false, readySince: startTime - 3000 }));
    expect(first()).toBeUndefined();
    store.dispatch(podChanged({ ...pod, readySince: startTime - 1000 }));
    expect(first()).toBe(startTime - 1000);
    store.dispatch(podChanged({ ...pod, ready: false, readySince: startTime }));
    store.dispatch(podChanged({ ...pod, readySince: startTime + 5000 }));
    expect(first()).toBe(startTime - 1000);
  });
});
