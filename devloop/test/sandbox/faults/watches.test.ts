import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createKubernetes } from '../../../src/adapters/kubernetes/client.ts';
import type { Connection } from '../../../src/adapters/kubernetes/connection.ts';
import { clusterHandlers } from '../../../src/engine/cluster-handlers.ts';
import type { Kubernetes } from '../../../src/engine/outside.ts';
import type { FaultRequest } from '../../../src/sandbox/faults.ts';
import { sampleProject } from '../../support/sample.ts';
import { isReady, startWorld, type World } from './support/world.ts';

const stays = 'setInterval(() => {}, 1000)';
let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const watch = (kubernetes: Kubernetes = world.kubernetes) =>
  kubernetes.watch(sampleProject, clusterHandlers(world.store), world.signal);

/** What devloop believes, and what is so. */
const seen = () =>
  Object.values(world.store.getState().pods)
    .map(({ view }) => `${view.uid} ${view.ready ? 'ready' : 'not ready'} ${view.deleting}`)
    .sort();
const real = () =>
  world
    .pods()
    .map((pod) => `${pod.metadata.uid} ${isReady(pod) ? 'ready' : 'not ready'} ${'deletionTimestamp' in pod.metadata}`)
    .sort();
/** Each Deployment and what it wants, by what devloop believes and by what is so. */
const workloads = () => Object.values(world.store.getState().workloads).map(({ name, replicas }) => [name, replicas]);
const realWorkloads = () =>
  world.sandbox.store.list('Deployment').map(({ metadata, spec }) => [metadata.name, spec.replicas]);
const inStep = () => JSON.stringify([seen(), workloads()]) === JSON.stringify([real(), realWorkloads()]);

/** Each pod that has gone was told of once; none was told of after that, and none twice in the same state. */
function expectNothingDoubled() {
  const gone = world.store.of('pod.removed').map(({ uid }) => uid);
  expect(new Set(gone).size).toBe(gone.length);
  const told = world.store.events.flatMap((event) =>
    event.type === 'pod.changed' ? [JSON.stringify(event.pod)] : event.type === 'pod.removed' ? [event.uid] : [],
  );
  expect(new Set(told).size).toBe(told.length);
  for (const uid of gone) {
    const last = told.findLastIndex((text) => text.includes(uid));
    expect(told[last]).toBe(uid);
  }
}

const isPods = ({ resource, subresource }: FaultRequest) => resource === 'pods' && subresource === undefined;

test('watches that are dropped again and again while pods come and go', async () => {
  await world.deploy('backend', stays, 2);
  await watch();
  await world.until(() => world.pods().length === 2);
  let drops = 0;
  const stop = world.store.subscribe(({ type }) => {
    if (type === 'pod.changed' && drops < 30) drops += world.sandbox.faults.dropWatches();
  });
  await world.untilReady(2);
  await world.scale('backend', 4);
  await world.untilReady(4);
  await world.patch('backend', { spec: { template: { metadata: { labels: { round: 'two' } } } } });
  await world.until(() => world.pods().every(({ metadata }) => metadata.labels?.['round'] === 'two'));
  await world.scale('backend', 1);
  await world.untilReady(1);
  stop();
  await world.until(inStep);
  expect(drops).toBeGreaterThan(5);
  expect(workloads()).toEqual([['backend', 1]]);
  expectNothingDoubled();
});

test('pods that went while there was no watch, and whose changes are not kept any more', async () => {
  await world.deploy('backend', stays, 2);
  await world.untilReady(2);
  await watch();
  const [before = ''] = world.pods().map(({ metadata }) => metadata.name);
  const { faults, store } = world.sandbox;
  const lift = faults.answer(isPods, { kind: 'status', code: 503 });
  faults.dropWatches();
  await world.scale('backend', 0);
  await world.until(() => world.pods().length === 0);
  await world.scale('backend', 1);
  await world.untilReady(1);
  store.compact();
  lift();
  await world.until(inStep);
  const gone = world.store.of('pod.removed').map(({ name }) => name);
  expect(gone).toHaveLength(2);
  expect(gone).toContain(before);
  expectNothingDoubled();
});

describe.each([410, 429, 500, 503] as const)('a watch that is answered with %i when it is taken up again', (code) => {
  test.each(['once', 'for a while'])('%s', async (long) => {
    await world.deploy('backend', stays);
    await world.untilReady(1);
    await watch();
    const { faults } = world.sandbox;
    let asked = 0;
    const matches = (request: FaultRequest) => {
      if (isPods(request) && request.watch) asked += 1;
      return isPods(request) && request.watch;
    };
    const answer = { kind: 'status', code, retryAfterSeconds: 1 } as const;
    const lift = faults.answer(matches, answer, long === 'once' ? 1 : 4);
    faults.dropWatches();
    await world.scale('backend', 2);
    await world.untilReady(2);
    await world.until(() => asked >= (long === 'once' ? 1 : 4) && inStep());
    lift();
    expectNothingDoubled();
  });
});

describe('a fault that lasts', () => {
  test.each([429, 500, 503] as const)('%i to everything is told, and that it is over', async (code) => {
    await world.deploy('backend', stays);
    await world.untilReady(1);
    await watch();
    const { faults } = world.sandbox;
    for (const times of [1, 2]) {
      const asked = new Map<string | undefined, number>();
      const count = ({ resource }: FaultRequest) => {
        asked.set(resource, (asked.get(resource) ?? 0) + 1);
        return true;
      };
      const lift = faults.answer(count, { kind: 'status', code });
      faults.dropWatches();
      await world.until(() => asked.size === 7 && [...asked.values()].every((tries) => tries >= 2));
      expect(world.store.getState().clusterLost).toBeDefined();
      lift();
      await world.until(() => world.store.getState().clusterLost === undefined);
      const told = world.store.events.filter(({ type }) => type.startsWith('cluster.')).map(({ type }) => type);
      expect(told).toEqual(Array(times).fill(['cluster.lost', 'cluster.connected']).flat());
    }
    await world.scale('backend', 2);
    await world.untilReady(2);
    await world.until(inStep);
    expectNothingDoubled();
  });

  test('it may be there from the start', async () => {
    await world.deploy('backend', stays);
    await world.untilReady(1);
    let asked = 0;
    const lift = world.sandbox.faults.answer(() => ++asked > 0, { kind: 'status', code: 500 });
    const begun = watch();
    await world.until(() => asked >= 3);
    expect(world.store.of('cluster.lost')).toHaveLength(1);
    lift();
    await begun;
    await world.until(() => world.store.getState().clusterLost === undefined && inStep());
    expectNothingDoubled();
  });
});

describe('no answer at all', () => {
  test('to a watch: it is taken up again when the connection breaks', async () => {
    await world.deploy('backend', stays);
    await world.untilReady(1);
    await watch();
    const { faults } = world.sandbox;
    let asked = 0;
    const matches = (request: FaultRequest) => {
      if (isPods(request) && request.watch) asked += 1;
      return isPods(request) && request.watch;
    };
    const lift = faults.answer(matches, { kind: 'nothing' });
    faults.dropWatches();
    await world.scale('backend', 2);
    await world.untilReady(2);
    expect(inStep()).toBe(false);
    await world.until(() => asked > 0);
    lift();
    faults.dropWatches();
    await world.until(inStep);
    expectNothingDoubled();
  });

  test('to a list: it is asked for again when its time is over', async () => {
    await world.deploy('backend', stays);
    await world.untilReady(1);
    const { kubernetes, giveUp } = impatient(world);
    let asked = 0;
    const matches = (request: FaultRequest) => {
      if (isPods(request) && !request.watch) asked += 1;
      return isPods(request) && !request.watch;
    };
    world.sandbox.faults.answer(matches, { kind: 'nothing' }, 2);
    const begun = watch(kubernetes);
    for (const time of [1, 2]) {
      await world.until(() => asked === time);
      giveUp();
    }
    await begun;
    await world.until(inStep);
    expect(world.store.of('cluster.lost')).toHaveLength(1);
    await world.until(() => world.store.getState().clusterLost === undefined);
    expectNothingDoubled();
  });

  test('keeps nobody from leaving', async () => {
    world.sandbox.faults.answer(() => true, { kind: 'nothing' });
    const leaving = new AbortController();
    const begun = world.kubernetes.watch(sampleProject, clusterHandlers(world.store), leaving.signal);
    leaving.abort();
    await expect(begun).resolves.toBeUndefined();
  });
});

test('answers that come late', async () => {
  const lift = world.sandbox.faults.answer(({ resource }) => resource !== undefined, { kind: 'delay', ms: 2000 });
  await world.deploy('backend', stays, 2);
  const begun = watch();
  await world.untilReady(2);
  world.sandbox.faults.dropWatches();
  await begun;
  world.sandbox.faults.dropWatches();
  await world.scale('backend', 1);
  await world.untilReady(1);
  await world.until(inStep);
  lift();
  expect(workloads()).toEqual([['backend', 1]]);
  expectNothingDoubled();
});

/** A client whose requests end when the test says so, as their time limit of 15 s would end them. */
function impatient({ connection, clock }: World) {
  let limit = new AbortController();
  const own: Connection = {
    ...connection,
    json: (method, path, body, signal) =>
      connection.json(method, path, body, AbortSignal.any(signal ? [signal, limit.signal] : [limit.signal])),
  };
  const giveUp = () => {
    const over = limit;
    limit = new AbortController();
    over.abort(new Error('no answer within 15 s'));
  };
  return { kubernetes: createKubernetes(own, clock), giveUp };
}
