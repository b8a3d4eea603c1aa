import { afterEach, describe, expect, test } from '@jest/globals';
import { deleteObject } from '../../../src/sandbox/controllers/delete-object.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());
const names = (kind: string, namespace?: string) =>
  world.store.list(kind, namespace).map(({ metadata }) => metadata.name);

/** As the API deletes one: with a deletion time, until it is empty. */
function removeNamespace(name: string): void {
  world.store.update('Namespace', '', name, ({ metadata }) => {
    metadata.deletionTimestamp = '2030-01-01T00:00:00Z';
  });
  world.settle();
}

describe('what every cluster has', () => {
  test('is there from the beginning', () => {
    world = createWorld();
    expect(names('Namespace')).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    expect(world.get('Service', 'kubernetes').spec).toMatchObject({ clusterIP: '10.96.0.1', type: 'ClusterIP' });
    expect(names('StorageClass')).toEqual(['standard']);
  });

  test('is left as it is when it is there already', () => {
    world = createWorld((store) => {
      store.create('Namespace', { metadata: { name: 'default', labels: { mine: 'yes' } } });
    });
    expect(world.get('Namespace', 'default').metadata.labels).toEqual({ mine: 'yes' });
  });
});

describe('a namespace', () => {
  test('gets its service account and the authority of the cluster', () => {
    world = createWorld();
    world.make('Namespace', 'team', {});
    expect(names('ServiceAccount', 'team')).toEqual(['default']);
    expect(names('ConfigMap', 'team')).toEqual(['kube-root-ca.crt']);
  });

  test.each(['ServiceAccount', 'ConfigMap'])('gets its %s again when that is deleted', (kind) => {
    world = createWorld();
    const [name = ''] = names(kind, 'default');
    const { uid } = world.get(kind, name).metadata;
    deleteObject(world, kind, 'default', name);
    world.settle();
    expect(world.get(kind, name).metadata.uid).not.toBe(uid);
  });

  test('that is deleted goes with all that is in it', () => {
    world = createWorld();
    world.make('Namespace', 'team', {});
    world.make('Secret', 'one', {}, { namespace: 'team' });
    world.make('Service', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }, { namespace: 'team' });
    removeNamespace('team');
    expect(names('Namespace')).not.toContain('team');
    expect(['Secret', 'Service', 'Endpoints', 'EndpointSlice', 'Event'].flatMap((kind) => names(kind, 'team'))).toEqual(
      [],
    );
  });

  test('that is deleted waits for its pods, and says so', () => {
    world = createWorld();
    world.node.setAutoDelete(false);
    world.make('Namespace', 'team', {});
    world.make('Pod', 'web', { spec: { containers: [], nodeName: 'sandbox' } }, { namespace: 'team' });
    removeNamespace('team');
    expect(world.get('Namespace', 'team').status?.phase).toBe('Terminating');
    expect(world.store.get('Pod', 'team', 'web')?.metadata.deletionTimestamp).toBeDefined();
    world.node.finishDeletions();
    world.settle();
    expect(names('Namespace')).not.toContain('team');
  });

  test('that is deleted leaves other namespaces alone', () => {
    world = createWorld();
    world.make('Namespace', 'team', {});
    world.make('Secret', 'mine', {});
    removeNamespace('team');
    expect(names('Secret', 'default')).toEqual(['mine']);
  });

  test('that is deleted waits for the finalizers of what is in it', () => {
    world = createWorld();
    world.make('Namespace', 'team', {});
    world.make('Secret', 'held', {}, { namespace: 'team', finalizers: ['example.com/mine'] });
    removeNamespace('team');
    expect(names('Namespace')).toContain('team');
    world.store.update('Secret', 'team', 'held', ({ metadata }) => {
      delete metadata.finalizers;
    });
    world.settle();
    expect(names('Namespace')).not.toContain('team');
  });
});
