import { afterEach, describe, expect, test } from '@jest/globals';
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
