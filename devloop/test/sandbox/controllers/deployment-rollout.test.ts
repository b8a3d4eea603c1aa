import { afterEach, describe, expect, test } from '@jest/globals';
import { isActive, isReady } from '../../../src/sandbox/controllers/pods.ts';
import type { Deployment, ReplicaSet } from '../../../src/sandbox/store/objects.ts';
import { deployment, template } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const sets = () =>
  world.store.list('ReplicaSet').sort((one, other) => Number(revision(one)) - Number(revision(other))) as ReplicaSet[];
const revision = ({ metadata }: ReplicaSet | Deployment) => metadata.annotations?.['deployment.kubernetes.io/revision'];
const sizes = () => sets().map(({ spec }) => spec.replicas);
const condition = (type: string) => world.get('Deployment', 'web').status?.conditions?.find((one) => one.type === type);
const setImage = (image: string) =>
  world.change('Deployment', 'web', ({ spec }) => {
    spec.template = template('web', image) as typeof spec.template;
  });
const newest = () => sets().at(-1)?.metadata.name ?? '';

interface Limits {
  readonly replicas: number;
  readonly surge: string | number;
  readonly unavailable: string | number;
  readonly most: number;
  readonly least: number;
}

function rollWithin(limits: Limits): void {
  world = createWorld();
  const rollingUpdate = { maxSurge: limits.surge, maxUnavailable: limits.unavailable };
  const strategy = { type: 'RollingUpdate', rollingUpdate };
  world.make('Deployment', 'web', deployment('web', limits.replicas, { strategy }));
  const asked: number[] = [];
  const alive: number[] = [];
  const ready: number[] = [];
  const unsubscribe = [
    world.store.subscribe('ReplicaSet', () => asked.push(sizes().reduce<number>((sum, size) => sum + (size ?? 0), 0))),
    world.store.subscribe('Pod', () => {
      const active = world.pods('web').filter(isActive);
      alive.push(active.length);
      ready.push(active.filter(isReady).length);
    }),
  ];
  setImage('web:2');
  for (const end of unsubscribe) end();
  expect(Math.max(...asked)).toBe(limits.most);
  expect(Math.max(...alive)).toBeLessThanOrEqual(limits.most);
  expect(Math.min(...ready)).toBeGreaterThanOrEqual(limits.least);
  expect(sizes()).toEqual([0, limits.replicas]);
  expect(condition('Progressing')?.message).toBe(`ReplicaSet "${newest()}" has successfully progressed.`);
  expect(world.pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(limits.replicas).fill('web:2'));
}

describe('a rolling update', () => {
  test.each([
    { replicas: 3, surge: '25%', unavailable: '25%', most: 4, least: 3 },
    { replicas: 3, surge: 0, unavailable: 1, most: 3, least: 2 },
    { replicas: 3, surge: 1, unavailable: 0, most: 4, least: 3 },
    { replicas: 1, surge: '25%', unavailable: '25%', most: 2, least: 1 },
    { replicas: 10, surge: '50%', unavailable: '50%', most: 15, least: 5 },
    { replicas: 2, surge: 0, unavailable: 0, most: 2, least: 1 },
    { replicas: 4, surge: '25%', unavailable: '25%', most: 5, least: 3 },
    { replicas: 7, surge: '30%', unavailable: '30%', most: 10, least: 5 },
    { replicas: 8, surge: 3, unavailable: 2, most: 11, least: 6 },
    { replicas: 20, surge: '10%', unavailable: '5%', most: 22, least: 19 },
    { replicas: 5, surge: '100%', unavailable: 0, most: 10, least: 5 },
  ])(
    'of $replicas with surge $surge and unavailability $unavailable asks for $most pods at most and keeps $least ready',
    rollWithin,
  );

  test('goes step by step, and tells every step', () => {
    world = createWorld();
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    world.make('Deployment', 'web', deployment('web', 2, { strategy }));
    const old = newest();
    world.node.setMode('running');
    setImage('web:2');
    const next = newest();
    expect(sizes()).toEqual([2, 1]);
    for (const expected of [
      [1, 2],
      [0, 2],
    ]) {
      const pod = world
        .pods(next)
        .find(({ status }) => status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'False'));
      world.node.set(pod?.metadata.name ?? '', 'Running', true);
      world.settle();
      expect(sizes()).toEqual(expected);
    }
    expect(world.events('web')).toEqual([
      `Normal ScalingReplicaSet Scaled up replica set ${old} to 2`,
      `Normal ScalingReplicaSet Scaled up replica set ${next} to 1`,
      `Normal ScalingReplicaSet Scaled down replica set ${old} to 1`,
      `Normal ScalingReplicaSet Scaled up replica set ${next} to 2`,
      `Normal ScalingReplicaSet Scaled down replica set ${old} to 0`,
    ]);
  });

  test('that fails keeps the old pods, and misses its deadline', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 3, { progressDeadlineSeconds: 60 }));
    world.node.setMode('running');
    setImage('web:broken');
    expect(sizes()).toEqual([3, 1]);
    world.clock.advance(59_000);
    expect(condition('Progressing')?.reason).toBe('ReplicaSetUpdated');
    world.clock.advance(5_000);
    expect(condition('Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${newest()}" has timed out progressing.`,
    });
    expect(condition('Available')?.status).toBe('True');
    expect(sizes()).toEqual([3, 1]);
  });

  test('that failed is healed by the next one, which removes the broken pods first', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 3, { progressDeadlineSeconds: 60 }));
    world.node.setMode('running');
    setImage('web:broken');
    world.clock.advance(70_000);
    world.node.setMode('ready');
    setImage('web:3');
    expect(sizes()).toEqual([0, 0, 3]);
    expect(condition('Progressing')?.reason).toBe('NewReplicaSetAvailable');
  });

  test('waits until pods have been ready for minReadySeconds', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1, { minReadySeconds: 10 }));
    expect(world.get('Deployment', 'web').status).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 });
    world.clock.advance(9_000);
    expect(world.get('Deployment', 'web').status?.availableReplicas).toBeUndefined();
    world.clock.advance(1_000);
    expect(world.get('Deployment', 'web').status?.availableReplicas).toBe(1);
  });

  test('is started by a restart annotation in the template', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    world.change('Deployment', 'web', ({ spec }) => {
      spec.template.metadata = {
        ...spec.template.metadata,
        annotations: { 'kubectl.kubernetes.io/restartedAt': '2030-01-01T00:00:00Z' },
      };
    });
    expect(sizes()).toEqual([0, 1]);
  });

  test('is not started by a change that is not in the template', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    world.change('Deployment', 'web', ({ metadata }) => {
      metadata.labels = { a: 'b' };
    });
    expect(sizes()).toEqual([1]);
  });
});

describe('a rollback', () => {
  test('takes the former replica set again, with a new revision', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 2));
    const first = newest();
    setImage('web:2');
    setImage('web:1');
    expect(newest()).toBe(first);
    expect(sets().map(revision)).toEqual(['2', '3']);
    expect(revision(world.get('Deployment', 'web'))).toBe('3');
    expect(sets()[1]?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
    expect(sizes()).toEqual([0, 2]);
  });

  test('adds to the history each time', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    for (const image of ['web:2', 'web:1', 'web:2', 'web:1']) setImage(image);
    expect(sets().map(revision)).toEqual(['4', '5']);
    expect(sets()[1]?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1,3');
  });

  test('in the middle of a broken rollout leaves the good pods alone', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 3));
    const before = world.pods().map(({ metadata }) => metadata.uid);
    world.node.setMode('running');
    setImage('web:broken');
    setImage('web:1');
    expect(
      world
        .pods()
        .map(({ metadata }) => metadata.uid)
        .sort(),
    ).toEqual(before.sort());
  });
});

describe('Recreate', () => {
  const strategy = { type: 'Recreate' };

  test('starts nothing new before everything old is gone', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 2, { strategy }));
    world.node.setAutoDelete(false);
    setImage('web:2');
    expect(sizes()).toEqual([0]);
    expect(world.pods()).toHaveLength(2);
    world.node.finishDeletions();
    world.settle();
    expect(sizes()).toEqual([0, 2]);
    expect(condition('Progressing')?.reason).toBe('NewReplicaSetAvailable');
  });

  test('has no surge', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 4, { strategy }));
    expect(sets()[0]?.metadata.annotations?.['deployment.kubernetes.io/max-replicas']).toBe('4');
  });
});
