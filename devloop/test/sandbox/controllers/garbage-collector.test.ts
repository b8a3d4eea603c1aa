import { afterEach, describe, expect, test } from '@jest/globals';
import { deleteObject } from '../../../src/sandbox/controllers/delete-object.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';
import { deployment, job } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const owners = (...objects: readonly KubeObject[]) => ({
  ownerReferences: objects.map(({ apiVersion, kind, metadata: { name, uid } }) => ({ apiVersion, kind, name, uid })),
});
const configMap = (name: string, metadata: object = {}) =>
  world.make('ConfigMap', name, { data: {} }, metadata) as unknown as KubeObject;
const remove = (kind: string, name: string, propagation?: 'Background' | 'Foreground' | 'Orphan') => {
  deleteObject(world, kind, 'default', name, propagation);
  world.settle();
};
const left = () =>
  world.store
    .list('ConfigMap', 'default')
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== 'kube-root-ca.crt');

describe('an object that has lost', () => {
  test('its only owner goes', () => {
    world = createWorld();
    const owner = configMap('owner');
    configMap('child', owners(owner));
    remove('ConfigMap', 'owner');
    expect(left()).toEqual([]);
  });

  test('one of two owners stays, without the reference', () => {
    world = createWorld();
    const one = configMap('one');
    const other = configMap('other');
    configMap('child', owners(one, other));
    remove('ConfigMap', 'one');
    expect(left()).toEqual(['child', 'other']);
    expect(world.get('ConfigMap', 'child').metadata.ownerReferences?.map(({ name }) => name)).toEqual(['other']);
  });

  test('an owner that never was goes at once', () => {
    world = createWorld();
    const owner = configMap('owner');
    const stranger = { ...owner, metadata: { ...owner.metadata, uid: 'another' } };
    configMap('child', owners(stranger));
    expect(left()).toEqual(['owner']);
  });

  test('an owner of a kind that is not served stays', () => {
    world = createWorld();
    configMap('child', { ownerReferences: [{ apiVersion: 'a/v1', kind: 'Widget', name: 'w', uid: 'u' }] });
    expect(left()).toEqual(['child']);
  });

  test('its owner goes with all that it owns itself', () => {
    world = createWorld();
    const one = configMap('one');
    const two = configMap('two', owners(one));
    configMap('three', owners(two));
    remove('ConfigMap', 'one');
    expect(left()).toEqual([]);
  });

  test('its owner while nothing ran goes at the start', () => {
    world = createWorld((store) => {
      store.create('ConfigMap', {
        metadata: {
          name: 'child',
          ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'gone' }],
        },
      });
    });
    expect(left()).toEqual([]);
  });

  test('an owner that belongs to no namespace goes with it', () => {
    world = createWorld();
    const volume = world.make('PersistentVolume', 'disk', { spec: {} }) as unknown as KubeObject;
    configMap('child', owners(volume));
    expect(left()).toEqual(['child']);
    world.store.remove('PersistentVolume', '', 'disk');
    world.settle();
    expect(left()).toEqual([]);
  });
});

describe('the deletion of a deployment', () => {
  test.each(['Background', 'Foreground'] as const)('with %s takes replica sets and pods with it', (propagation) => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 2));
    remove('Deployment', 'web', propagation);
    expect(world.store.list('Deployment')).toEqual([]);
    expect(world.store.list('ReplicaSet')).toEqual([]);
    expect(world.pods()).toEqual([]);
  });

  test('with Orphan leaves them on their own', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 2));
    remove('Deployment', 'web', 'Orphan');
    expect(world.store.list('Deployment')).toEqual([]);
    expect(world.store.list('ReplicaSet').map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
    expect(world.pods()).toHaveLength(2);
  });

  test('in the foreground waits for the last pod', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 2));
    world.node.setAutoDelete(false);
    remove('Deployment', 'web', 'Foreground');
    expect(world.get('Deployment', 'web').metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(world.store.list('ReplicaSet')).toHaveLength(1);
    expect(world.pods().map(({ metadata }) => metadata.deletionGracePeriodSeconds)).toEqual([30, 30]);
    world.node.finishDeletions();
    world.settle();
    expect([...world.store.list('Deployment'), ...world.store.list('ReplicaSet')]).toEqual([]);
  });

  test('in the background does not wait', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 1));
    world.node.setAutoDelete(false);
    remove('Deployment', 'web', 'Background');
    expect([...world.store.list('Deployment'), ...world.store.list('ReplicaSet')]).toEqual([]);
    expect(world.pods().map(({ metadata }) => metadata.deletionTimestamp)).toEqual(['2030-01-01T00:00:30Z']);
  });

  test('makes no pod again of those that it ends', () => {
    world = createWorld();
    world.make('Deployment', 'web', deployment('web', 2));
    world.node.setAutoDelete(false);
    remove('Deployment', 'web', 'Foreground');
    world.clock.advance(60_000);
    expect(world.pods()).toHaveLength(2);
  });
});

describe('a deletion', () => {
  test('of an object with a finalizer of a client waits for the client', () => {
    world = createWorld();
    configMap('kept', { finalizers: ['example.com/mine'] });
    remove('ConfigMap', 'kept', 'Foreground');
    expect(world.get('ConfigMap', 'kept').metadata.finalizers).toEqual(['example.com/mine']);
    world.change('ConfigMap', 'kept', ({ metadata }) => {
      delete metadata.finalizers;
    });
    expect(left()).toEqual([]);
  });

  test('of a pod that has no node, or is over, needs no grace', () => {
    world = createWorld();
    world.node.setAutoDelete(false);
    world.make('Pod', 'waits', { spec: { nodeSelector: { no: 'where' }, containers: [] } });
    world.make('Job', 'once', job('once'));
    const over = world.pods('once')[0]?.metadata.name ?? '';
    world.node.set(over, 'Succeeded', false);
    world.settle();
    remove('Pod', 'waits');
    remove('Pod', over);
    expect(world.pods()).toEqual([]);
  });
});
