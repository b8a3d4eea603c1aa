import { describe, expect, it } from '@jest/globals';
import { followStats } from '../../src/engine/follow-stats.ts';
import type { PodReading } from '../../src/engine/outside.ts';
import { SteadyUsage } from '../../src/engine/steady-usage.ts';
import type { PodView } from '../../src/model/pod.ts';
import { createFakeKubernetes } from '../fakes/kubernetes.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { podChanged, sampleContainer, samplePod, started, startTime } from '../support/sample.ts';

const mb = 2 ** 20;
const backend = samplePod('backend', 0, { node: 'one' });
const waiting = samplePod('backend', 0, {
  node: 'one',
  containers: [sampleContainer('backend', 0, { state: 'waiting' })],
});
const reading = (change: Partial<PodReading> = {}): PodReading => ({
  uid: backend.uid,
  cpu: 12,
  memory: 80 * mb,
  ...change,
});

function setUp() {
  const kubernetes = createFakeKubernetes();
  const clock = createFakeClock(startTime);
  const store = createRecordedStore(clock.now);
  const controller = new AbortController();
  store.dispatch(started());
  kubernetes.onStats = async () => [reading()];
  followStats(kubernetes, clock, store, controller.signal);
  const show = async (...pods: PodView[]) => {
    for (const pod of pods) store.dispatch(podChanged(pod));
    await settle();
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { kubernetes, clock, store, controller, show, pass, told: () => store.of('pods.stats') };
}

describe('the figures of the pods', () => {
  it('are asked for as soon as one runs, and then every five seconds', async () => {
    const { kubernetes, controller, told, show, pass } = setUp();
    await show(backend);
    expect(told()).toMatchObject([{ pods: [{ uid: backend.uid, cpu: 12, memory: 80 * mb }], unavailable: {} }]);
    await pass(4999);
    expect(kubernetes.statsAsked).toEqual(['one']);
    await pass(1);
    expect(kubernetes.statsAsked).toEqual(['one', 'one']);
    controller.abort();
  });

  it.each<[string, PodView[]]>([
    ['there is no pod', []],
    ['none has a node yet', [samplePod('backend')]],
    ['no container runs yet', [waiting]],
  ])('are not asked for while %s', async (_, pods) => {
    const { kubernetes, clock, controller, show } = setUp();
    await show(...pods);
    expect(kubernetes.statsAsked).toEqual([]);
    expect(clock.pending()).toBe(0);
    controller.abort();
  });

  it('are no longer asked for when the last pod has gone, and again with the next', async () => {
    const { kubernetes, clock, store, controller, show, pass } = setUp();
    await show(backend);
    store.dispatch({ type: 'pod.removed', uid: backend.uid, name: backend.name, service: 'backend' });
    await pass(5000);
    expect(kubernetes.statsAsked).toHaveLength(1);
    expect(clock.pending()).toBe(0);
    await show(backend);
    expect(kubernetes.statsAsked).toHaveLength(2);
    controller.abort();
  });

  it('end with the signal, and leave no timer', async () => {
    const { kubernetes, clock, controller, show, pass } = setUp();
    await show(backend);
    controller.abort();
    await pass(60_000);
    expect(kubernetes.statsAsked).toHaveLength(1);
    expect(clock.pending()).toBe(0);
    await show(backend);
    expect(kubernetes.statsAsked).toHaveLength(1);
  });

  it('come in one event from all nodes, without pods of others', async () => {
    const { kubernetes, controller, told, show, pass } = setUp();
    const other = samplePod('frontend', 0, { node: 'two' });
    kubernetes.onStats = async (node) =>
      node === 'one' ? [reading(), reading({ uid: 'somebody else’s' })] : [reading({ uid: other.uid })];
    await show(backend, other);
    await pass(5000);
    expect(told().map(({ pods }) => pods.map(({ uid }) => uid))).toEqual([[backend.uid], [backend.uid, other.uid]]);
    controller.abort();
  });

  it('are told while they change, and 24 times when they stay the same: then the graphs stand still', async () => {
    const { kubernetes, controller, told, show, pass } = setUp();
    await show(backend);
    for (let poll = 0; poll < 40; poll += 1) await pass(5000);
    expect(told()).toHaveLength(24);
    kubernetes.onStats = async () => [reading({ cpu: 500 })];
    await pass(5000);
    expect(told()).toHaveLength(25);
    controller.abort();
  });
});

describe('a node that refuses', () => {
  it('is told of once, and asked less and less often, at least once a minute', async () => {
    const { kubernetes, clock, controller, told, show, pass } = setUp();
    const asked: number[] = [];
    kubernetes.onStats = async () => {
      asked.push((clock.now() - startTime) / 1000);
      throw new Error('nodes "one" is forbidden');
    };
    await show(backend);
    for (let second = 0; second < 300; second += 5) await pass(5000);
    expect(asked).toEqual([0, 10, 30, 70, 130, 190, 250]);
    expect(told()).toMatchObject([{ pods: [], unavailable: { one: 'nodes "one" is forbidden' } }]);
    controller.abort();
  });

  it('keeps no other from being asked, and is forgiven when it answers', async () => {
    const { kubernetes, controller, told, show, pass } = setUp();
    let isBroken = true;
    const other = samplePod('frontend', 0, { node: 'two' });
    kubernetes.onStats = async (node) => {
      if (node === 'two' && isBroken) throw new Error('no stats here');
      return [reading(), reading({ uid: other.uid })];
    };
    await show(backend, other);
    await pass(5000);
    expect(told().at(-1)?.unavailable).toEqual({ two: 'no stats here' });
    isBroken = false;
    await pass(10_000);
    expect(told().at(-1)?.unavailable).toEqual({});
    controller.abort();
  });
});

describe('figures for a screen', () => {
  const told = (...readings: Partial<PodReading>[]) => {
    const usage = new SteadyUsage();
    return readings.map((each) => usage.next({ uid: 'u1', ...each }));
  };
  const at = (second: number, ms: number) => ({ cpuTime: { ms, at: startTime + second * 1000 } });

  it.each<[string, Partial<PodReading>[], (number | undefined)[]]>([
    ['are whole thousandths of a core', [{ cpu: 11.6 }], [12]],
    ['stay while they change by 3 or less', [{ cpu: 2 }, { cpu: 4.9 }, { cpu: 0 }], [2, 2, 2]],
    ['follow a larger change', [{ cpu: 2 }, { cpu: 5.2 }, { cpu: 900 }], [2, 5, 900]],
    ['follow a slow drift', [{ cpu: 10 }, { cpu: 12 }, { cpu: 14 }, { cpu: 16 }], [10, 10, 14, 14]],
    [
      'come of the time used where there is no rate',
      [at(0, 1000), at(10, 1500), at(20, 11_500)],
      [undefined, 50, 1000],
    ],
    ['stay while the kubelet has not looked again', [at(0, 0), at(10, 500), at(10, 500)], [undefined, 50, 50]],
    ['begin anew with the container', [at(0, 9000), at(10, 100), at(20, 1100)], [undefined, undefined, 100]],
    ['are none where there are none', [{}], [undefined]],
  ])('of the processor %s', (_, readings, expected) => {
    expect(told(...readings).map(({ cpu }) => cpu)).toEqual(expected);
  });

  it.each<[string, number[], number[]]>([
    ['are whole MB', [80.4], [80]],
    ['stay while they change by 1 MB', [80, 80.9, 79.2], [80, 80, 80]],
    ['stay while they change by 1 %', [1000, 1009, 991], [1000, 1000, 1000]],
    ['follow a larger change', [80, 83.5, 200], [80, 84, 200]],
  ])('of memory %s', (_, readings, expected) => {
    expect(told(...readings.map((each) => ({ memory: each * mb }))).map(({ memory = 0 }) => memory / mb)).toEqual(
      expected,
    );
  });

  it('are forgotten with the pod', () => {
    const usage = new SteadyUsage();
    usage.next({ uid: 'u1', cpu: 2 });
    usage.keep(new Set());
    expect(usage.next({ uid: 'u1', cpu: 4 })).toEqual({ uid: 'u1', cpu: 4 });
  });
});
