import { afterEach, describe, expect, test } from '@jest/globals';
import { matchesSelector } from '../../../src/sandbox/controllers/labels.ts';
import { podsToDelete } from '../../../src/sandbox/controllers/pods-to-delete.ts';
import type { Pod } from '../../../src/sandbox/store/objects.ts';
import { template } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World | undefined;
afterEach(() => world?.stop());

interface Traits {
  readonly node?: string;
  readonly phase?: string;
  /** Since when it is ready. */
  readonly ready?: string;
  readonly cost?: string;
  readonly restarts?: number;
  readonly created?: string;
}

const podWith = (name: string, { node, phase = 'Running', ready, cost, restarts = 0, created }: Traits): Pod =>
  ({
    metadata: {
      name,
      creationTimestamp: created ?? '2030-01-01T00:00:00Z',
      ...(cost && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: { ...(node && { nodeName: node }) },
    status: {
      phase,
      conditions: ready ? [{ type: 'Ready', status: 'True', lastTransitionTime: ready }] : [],
      containerStatuses: [{ restartCount: restarts }],
    },
  }) as unknown as Pod;

describe('of two pods the one goes first', () => {
  const at = (time: string) => ({ node: 'n', ready: `2030-01-01T00:${time}:00Z` });
  test.each<[string, Traits, Traits]>([
    ['that has no node', {}, { node: 'n' }],
    ['that waits', { node: 'n', phase: 'Pending' }, { node: 'n', phase: 'Unknown' }],
    ['of which nothing is known', { node: 'n', phase: 'Unknown' }, { node: 'n' }],
    ['that is not ready', { node: 'n' }, at('01')],
    ['that costs less', { ...at('01'), cost: '-5' }, { ...at('02') }],
    ['that became ready later', at('02'), at('01')],
    ['that was started again more often', { ...at('01'), restarts: 2 }, { ...at('01'), restarts: 1 }],
    ['that is newer', { ...at('01'), created: '2030-01-01T00:00:30Z' }, at('01')],
    ['without a node, though it costs more', { cost: '100' }, { node: 'n' }],
    ['not ready, though it costs more', { node: 'n', cost: '100' }, at('01')],
  ])('%s', (_why, first, second) => {
    const [one, other] = [podWith('first', first), podWith('second', second)];
    expect(podsToDelete([other, one], 1)).toEqual([one]);
    expect(podsToDelete([one, other], 1)).toEqual([one]);
    expect(podsToDelete([other, one], 2)).toEqual([one, other]);
    expect(podsToDelete([one, other], 0)).toEqual([]);
  });
});

describe('a selector', () => {
  const labels = { app: 'web', tier: 'front' };
  test.each([
    [undefined, false],
    [{}, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'web', tier: 'back' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'team', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'Like', values: ['w'] }] }, false],
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'team', operator: 'Exists' }] }, false],
  ])('%j takes app=web,tier=front: %s', (selector, taken) => {
    expect(matchesSelector(selector, labels)).toBe(taken);
  });

  test('takes what has no labels by the same rules', () => {
    expect(matchesSelector({}, undefined)).toBe(true);
    expect(matchesSelector({ matchLabels: { app: 'web' } }, undefined)).toBe(false);
  });
});

describe('a replica set', () => {
  const replicaSet = (replicas: number) => ({
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('web') },
  });
  const begin = () => {
    world = createWorld();
    return world;
  };
  const orphan = (name: string, metadata: object = {}) =>
    world?.make('Pod', name, { spec: { containers: [] } }, { labels: { app: 'web' }, ...metadata });

  test('adopts a pod that is on its own, in place of a new one', () => {
    const { make, get, pods, events } = begin();
    orphan('mine');
    make('ReplicaSet', 'web', replicaSet(1));
    const { uid } = get('ReplicaSet', 'web').metadata;
    expect(pods().map(({ metadata }) => metadata.name)).toEqual(['mine']);
    expect(pods()[0]?.metadata.ownerReferences).toEqual([
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid, controller: true, blockOwnerDeletion: true },
    ]);
    expect(events('web')).toEqual([]);
  });

  test('adopts a pod that comes later, and deletes the one too many', () => {
    const { make, pods } = begin();
    make('ReplicaSet', 'web', replicaSet(1));
    orphan('mine');
    expect(pods()).toHaveLength(1);
  });

  test.each([
    [
      'that another controls',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Widget', name: 'w', uid: 'u', controller: true }] },
    ],
    ['with other labels', { labels: { app: 'db' } }],
    ['of another namespace', { namespace: 'kube-public' }],
  ])('leaves a pod alone %s', (_what, metadata) => {
    const { make, store } = begin();
    orphan('mine', metadata);
    make('ReplicaSet', 'web', replicaSet(1));
    expect(store.list('Pod').map((pod) => pod.metadata.generateName)).toEqual(
      expect.arrayContaining([undefined, 'web-']),
    );
  });

  test('releases a pod that is no more what it selects, and makes another', () => {
    const { make, change, get, pods } = begin();
    make('ReplicaSet', 'web', replicaSet(1));
    const name = pods()[0]?.metadata.name ?? '';
    change('Pod', name, ({ metadata }) => {
      metadata.labels = { app: 'mine' };
    });
    expect(pods()).toHaveLength(2);
    expect(get('Pod', name).metadata).not.toHaveProperty('ownerReferences');
  });

  test('takes a pod back that it released', () => {
    const { make, change, pods, events } = begin();
    make('ReplicaSet', 'web', replicaSet(1));
    const name = pods()[0]?.metadata.name ?? '';
    for (const app of ['mine', 'web']) {
      change('Pod', name, ({ metadata }) => {
        metadata.labels = { app };
      });
    }
    expect(pods()).toHaveLength(1);
    expect(events('web').map((line) => line.split(' ')[1])).toEqual([
      'SuccessfulCreate',
      'SuccessfulCreate',
      'SuccessfulDelete',
    ]);
  });

  test('replaces a pod that has failed, and leaves it', () => {
    const { make, node, settle, pods } = begin();
    make('ReplicaSet', 'web', replicaSet(1));
    node.set(pods()[0]?.metadata.name ?? '', 'Failed', false);
    settle();
    expect(
      pods()
        .map(({ status }) => status?.phase)
        .sort(),
    ).toEqual(['Failed', 'Running']);
  });

  test('counts those that carry all its labels, are ready, and are so long enough', () => {
    const { make, get, clock, pods } = begin();
    const { spec } = replicaSet(2);
    make('ReplicaSet', 'web', { spec: { ...spec, minReadySeconds: 30 } });
    world?.change('Pod', pods()[0]?.metadata.name ?? '', ({ metadata }) => {
      metadata.labels = { ...metadata.labels, extra: 'yes' };
    });
    expect(get('ReplicaSet', 'web').status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      observedGeneration: 1,
    });
    clock.advance(30_000);
    expect(get('ReplicaSet', 'web').status?.availableReplicas).toBe(2);
  });
});
