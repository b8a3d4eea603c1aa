import { afterEach, describe, expect, test } from '@jest/globals';
import { isActive, isReady } from '../../../src/sandbox/controllers/pods.ts';
import { ApiError } from '../../../src/sandbox/store/api-error.ts';
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
const scale = (replicas: number) =>
  world.change('Deployment', 'web', ({ spec }) => {
    spec.replicas = replicas;
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

describe('a new deployment', () => {
  test('makes a replica set whose name, labels and selector carry the hash', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 2));
    const [set] = sets();
    const hash = set?.metadata.labels?.['pod-template-hash'];
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5,10}$/);
    expect(set?.metadata.name).toBe(`web-${hash}`);
    expect(set?.spec.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
    expect(set?.spec.template?.metadata?.labels).toEqual({ app: 'web', 'pod-template-hash': hash });
    expect(set?.metadata.annotations).toEqual({
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '2',
      'deployment.kubernetes.io/max-replicas': '3',
    });
    expect(set?.metadata.ownerReferences).toEqual([
      expect.objectContaining({ kind: 'Deployment', name: 'web', controller: true, blockOwnerDeletion: true }),
    ]);
  });

  test('becomes available', () => {
    world = createWorld();
    const made = world.make('Deployment', 'web', deployment('web', 2));
    expect(made.status).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    });
    expect(made.status?.unavailableReplicas).toBeUndefined();
    expect(revision(made)).toBe('1');
    expect(condition('Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
      message: 'Deployment has minimum availability.',
    });
    expect(condition('Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "${newest()}" has successfully progressed.`,
    });
    expect(world.events('web')).toEqual([`Normal ScalingReplicaSet Scaled up replica set ${newest()} to 2`]);
  });

  test('is unavailable while its pods are not ready', () => {
    world = createWorld();
    world.node.setMode('running');
    const made = world.make('Deployment', 'web', deployment('web', 2));
    expect(made.status).toMatchObject({ replicas: 2, updatedReplicas: 2, unavailableReplicas: 2 });
    expect(made.status?.conditions?.map(({ type }) => type)).toEqual(['Available', 'Progressing']);
    expect(condition('Available')).toMatchObject({
      status: 'False',
      reason: 'MinimumReplicasUnavailable',
      message: 'Deployment does not have minimum availability.',
    });
    expect(condition('Progressing')).toMatchObject({
      reason: 'ReplicaSetUpdated',
      message: `ReplicaSet "${newest()}" is progressing.`,
    });
  });

  test('of no replicas is complete at once', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 0));
    expect(world.events('web')).toEqual([]);
    expect(condition('Progressing')?.reason).toBe('NewReplicaSetAvailable');
  });

  test('does without progress when it has no deadline', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1, { progressDeadlineSeconds: 2_147_483_647 }));
    expect(condition('Progressing')).toBeUndefined();
  });

  test('copies its own annotations but for those that are only its own', () => {
    world = createWorld();
    const annotations = { team: 'a', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    world.make('Deployment', 'web', deployment('web', 1), { annotations });
    expect(sets()[0]?.metadata.annotations).toHaveProperty('team', 'a');
    expect(sets()[0]?.metadata.annotations).not.toHaveProperty('kubectl.kubernetes.io/last-applied-configuration');
  });

  test('says so when the replica set is refused', () => {
    world = createWorld();
    world.refuse('ReplicaSet', new ApiError(403, 'Forbidden', 'no more'));
    world.make('Deployment', 'web', deployment('web', 1));
    expect(condition('Progressing')).toMatchObject({ status: 'False', reason: 'ReplicaSetCreateError' });
    expect(condition('Progressing')?.message).toMatch(/^Failed to create new replica set "web-\w+": no more$/);
    world.refuse('ReplicaSet', undefined);
    world.clock.advance(1000);
    expect(condition('Progressing')?.reason).toBe('NewReplicaSetAvailable');
  });

  test('takes another name when something else has it', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    const name = newest();
    world.stop();
    world = createWorld((store) => {
      store.create('ReplicaSet', {
        metadata: { name, namespace: 'default' },
        spec: { replicas: 0, selector: { matchLabels: { app: 'other' } } },
      });
    });
    world.make('Deployment', 'web', deployment('web', 1));
    world.clock.advance(100);
    expect(world.get('Deployment', 'web').status).toMatchObject({ collisionCount: 1, availableReplicas: 1 });
  });
});

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

describe('scaling', () => {
  test.each([
    [1, 4],
    [4, 1],
    [3, 0],
    [0, 2],
  ])('from %d to %d', (from, to) => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', from));
    scale(to);
    expect(sizes()).toEqual([to]);
    expect(world.pods()).toHaveLength(to);
    expect(world.get('Deployment', 'web').status?.replicas ?? 0).toBe(to);
    expect(world.events('web').at(-1)).toBe(
      `Normal ScalingReplicaSet Scaled ${to > from ? 'up' : 'down'} replica set ${newest()} to ${to}`,
    );
  });

  test('during a rollout shares out in proportion', () => {
    world = createWorld();
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
    world.make('Deployment', 'web', deployment('web', 10, { strategy }));
    world.node.setMode('running');
    setImage('web:broken');
    expect(sizes()).toEqual([8, 5]);
    scale(15);
    expect(sizes()).toEqual([11, 7]);
  });

  test('writes the new size into the annotations', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    scale(8);
    expect(sets()[0]?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/desired-replicas': '8',
      'deployment.kubernetes.io/max-replicas': '10',
    });
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

describe('a paused deployment', () => {
  test('does not roll, but scales; and goes on when it is resumed', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    world.change('Deployment', 'web', ({ spec }) => {
      spec.paused = true;
    });
    expect(condition('Progressing')).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    });
    setImage('web:2');
    scale(3);
    expect(sizes()).toEqual([3]);
    world.change('Deployment', 'web', ({ spec }) => {
      delete spec.paused;
    });
    expect(sizes()).toEqual([0, 3]);
    expect(condition('Progressing')?.reason).toBe('NewReplicaSetAvailable');
  });
});

describe('the history', () => {
  test.each([0, 1, 3])('keeps %d old replica sets', (limit) => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1, { revisionHistoryLimit: limit }));
    for (const image of ['web:2', 'web:3', 'web:4', 'web:5']) setImage(image);
    expect(sizes()).toEqual([...Array(limit).fill(0), 1]);
    expect(revision(world.get('Deployment', 'web'))).toBe('5');
  });
});

test('a replica set that cannot make pods shows in the deployment', () => {
  world = createWorld();
  world.refuse('Pod', new ApiError(403, 'Forbidden', 'pods "web-" is forbidden: no account'));
  world.make('Deployment', 'web', deployment('web', 1));
  world.clock.advance(20_000);
  expect(condition('ReplicaFailure')).toMatchObject({
    status: 'True',
    reason: 'FailedCreate',
    message: 'pods "web-" is forbidden: no account',
  });
  expect(world.events(newest())).toEqual([
    'Warning FailedCreate Error creating: pods "web-" is forbidden: no account x12',
  ]);
  world.refuse('Pod', undefined);
  world.clock.advance(30_000);
  expect(condition('ReplicaFailure')).toBeUndefined();
  expect(condition('Available')?.status).toBe('True');
});

test('a template that differs only in the order of its fields is the same', () => {
  world = createWorld();
  world.make('Deployment', 'web', deployment('web', 1));
  world.change('Deployment', 'web', ({ spec }) => {
    const { metadata, spec: pod } = spec.template;
    spec.template = { spec: { ...pod, containers: pod?.containers ?? [] }, ...(metadata && { metadata }) };
  });
  expect(sizes()).toEqual([1]);
});
