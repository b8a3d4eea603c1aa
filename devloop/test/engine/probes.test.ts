import { describe, expect, it } from '@jest/globals';
import { awaitFirstAnswer } from '../../src/engine/await-first-answer.ts';
import { runProbes } from '../../src/engine/run-probes.ts';
import type { PodView, ProbeSpec } from '../../src/model/pod.ts';
import { createFakeKubernetes } from '../fakes/kubernetes.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { podChanged, sampleContainer, samplePod, started, startTime } from '../support/sample.ts';

const readiness: ProbeSpec = {
  kind: 'readiness',
  container: 'backend',
  action: { type: 'http', scheme: 'http', path: '/healthz' },
  port: 8080,
  period: 5000,
  timeout: 1000,
  failureThreshold: 3,
  initialDelay: 0,
};
const podWith = (change: Partial<PodView> = {}, ...probes: ProbeSpec[]) =>
  samplePod('backend', 0, { probes: probes.length ? probes : [readiness], ...change });
const starting = (...probes: ProbeSpec[]) => podWith({ ready: false }, ...probes);

function setUp(run: typeof runProbes) {
  const kubernetes = createFakeKubernetes();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  store.dispatch(started());
  run(kubernetes, clock, store, controller.signal);
  const show = async (pod: PodView) => {
    store.dispatch(podChanged(pod));
    await settle();
    clock.advance(0);
    await settle();
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { kubernetes, clock, store, controller, show, pass };
}

describe("a pod's own probe", () => {
  it('is run at once and then each period, at its own address', async () => {
    const { kubernetes, store, controller, show, pass } = setUp(runProbes);
    await show(podWith());
    await pass(4999);
    expect(kubernetes.probes.map(({ via }) => via)).toEqual(['address']);
    await pass(1);
    expect(kubernetes.probes).toHaveLength(2);
    expect(store.of('probe.result')[1]?.result).toEqual({
      pod: 'backend-7d9f-0',
      uid: 'backend-7d9f-0',
      service: 'backend',
      container: 'backend',
      kind: 'readiness',
      ok: true,
      code: 200,
      latency: 0,
      from: 'devloop',
      at: startTime + 5000,
    });
    controller.abort();
  });

  it('waits for its initial delay', async () => {
    const { kubernetes, controller, show, pass } = setUp(runProbes);
    await show(podWith({}, { ...readiness, initialDelay: 3000 }));
    await pass(2999);
    expect(kubernetes.probes).toHaveLength(0);
    await pass(1);
    expect(kubernetes.probes).toHaveLength(1);
    controller.abort();
  });

  it('is reported with its failure and how long that took', async () => {
    const { kubernetes, clock, store, controller, show } = setUp(runProbes);
    kubernetes.answer = new Promise((resolve) =>
      clock.after(1000, () => resolve({ ok: false, detail: 'no answer within 1000 ms' })),
    );
    await show(podWith());
    clock.advance(1000);
    await settle();
    expect(store.of('probe.result')[0]?.result).toMatchObject({
      ok: false,
      detail: 'no answer within 1000 ms',
      latency: 1000,
      at: startTime,
    });
    controller.abort();
  });

  it('runs once, however often the pod changes', async () => {
    const { kubernetes, controller, show } = setUp(runProbes);
    for (let times = 0; times < 3; times += 1) await show(podWith());
    expect(kubernetes.probes).toHaveLength(1);
    controller.abort();
  });

  it('runs beside the others of the pod', async () => {
    const { kubernetes, controller, show } = setUp(runProbes);
    await show(podWith({}, readiness, { ...readiness, kind: 'liveness' }));
    expect(kubernetes.probes.map(({ probe }) => probe.kind)).toEqual(['readiness', 'liveness']);
    controller.abort();
  });

  it('of the startup is over when the pod is ready', async () => {
    const { kubernetes, controller, show, pass } = setUp(runProbes);
    const startup = { ...readiness, kind: 'startup', period: 1000 } as const;
    await show(starting(startup));
    await show(podWith({}, startup));
    await pass(1000);
    await pass(1000);
    expect(kubernetes.probes).toHaveLength(1);
    controller.abort();
  });

  it.each([
    ['ends', podWith({ deleting: true })],
    [
      'has a container that does not run',
      podWith({ containers: [sampleContainer('backend', 0, { state: 'waiting' })] }),
    ],
  ])('stops when the pod %s', async (_, pod) => {
    const { kubernetes, clock, show, pass } = setUp(runProbes);
    await show(podWith());
    await show(pod);
    await pass(5000);
    expect(kubernetes.probes).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });

  it('begins anew when the container runs again', async () => {
    const { kubernetes, controller, show, pass } = setUp(runProbes);
    await show(podWith());
    await show(podWith({ containers: [sampleContainer('backend', 0, { state: 'terminated', exitCode: 1 })] }));
    await pass(5000);
    await show(podWith({ containers: [sampleContainer('backend', 0, { restarts: 1 })] }));
    expect(kubernetes.probes).toHaveLength(2);
    controller.abort();
  });

  it('that answers after its pod is gone is not reported', async () => {
    const { kubernetes, clock, store, controller, show } = setUp(runProbes);
    kubernetes.answer = new Promise((resolve) => clock.after(10, () => resolve({ ok: true })));
    await show(podWith());
    store.dispatch({ type: 'pod.removed', uid: 'backend-7d9f-0', name: 'backend-7d9f-0', service: 'backend' });
    clock.advance(10);
    await settle();
    expect(store.of('probe.result')).toEqual([]);
    controller.abort();
  });

  it('stops with the loop, and leaves no timer', async () => {
    const { kubernetes, clock, controller, show, pass } = setUp(runProbes);
    await show(podWith());
    controller.abort();
    await pass(10_000);
    await show(podWith({ name: 'other', uid: 'other' }));
    expect(kubernetes.probes).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });
});

describe('a pod that has just started', () => {
  it('is asked the way of the forwards until it first answers', async () => {
    const { kubernetes, store, show, pass } = setUp(awaitFirstAnswer);
    kubernetes.answer = { ok: false, detail: 'refused' };
    await show(starting());
    await pass(50);
    expect(kubernetes.probes.map(({ via }) => via)).toEqual(['forward', 'forward']);
    expect(store.of('probe.result')).toEqual([]);
    kubernetes.answer = { ok: true, code: 200 };
    await pass(50);
    expect(store.of('probe.result')[0]?.result).toMatchObject({ ok: true, at: startTime + 100 });
    await pass(1000);
    expect(kubernetes.probes).toHaveLength(3);
  });

  it('is asked from the moment of the event that says so', async () => {
    const { kubernetes, store, controller, show } = setUp(awaitFirstAnswer);
    kubernetes.answer = { ok: false };
    await show(podWith({ ready: false, containers: [sampleContainer('backend', 0, { state: 'waiting' })] }));
    expect(kubernetes.probes).toHaveLength(0);
    const object = { kind: 'Pod', name: 'backend-7d9f-0' };
    const event = {
      uid: 'e',
      type: 'Normal',
      reason: 'Started',
      message: '',
      object,
      service: 'backend',
      count: 1,
      at: startTime,
    } as const;
    store.dispatch({ type: 'kubernetes.event', event });
    await settle();
    expect(kubernetes.probes).toHaveLength(1);
    controller.abort();
  });

  it.each([
    ['is ready', podWith()],
    ['is told to end', podWith({ ready: false, deleting: true })],
    ['has no HTTP probe', starting({ ...readiness, action: { type: 'tcp' } })],
    ['has a liveness probe only', starting({ ...readiness, kind: 'liveness' })],
  ])('is not asked when it %s', async (_, pod) => {
    const { kubernetes, show } = setUp(awaitFirstAnswer);
    await show(pod);
    expect(kubernetes.probes).toEqual([]);
  });

  it('is given up after a minute', async () => {
    const { kubernetes, clock, show, pass } = setUp(awaitFirstAnswer);
    kubernetes.answer = { ok: false };
    await show(starting());
    for (let step = 0; step < 1000 && clock.pending() > 0; step += 1) await pass(300);
    expect(clock.pending()).toBe(0);
    expect(clock.now() - startTime).toBeLessThan(62_000);
  });

  it('is asked no more once Kubernetes says Ready', async () => {
    const { kubernetes, clock, show, pass } = setUp(awaitFirstAnswer);
    kubernetes.answer = { ok: false };
    await show(starting());
    await show(podWith());
    await pass(50);
    expect(kubernetes.probes).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });

  it('is asked no more after the end of the loop', async () => {
    const { kubernetes, clock, controller, show, pass } = setUp(awaitFirstAnswer);
    kubernetes.answer = { ok: false };
    await show(starting());
    controller.abort();
    await pass(1000);
    expect(kubernetes.probes).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });
});
