import { afterEach, describe, expect, test } from '@jest/globals';
import { deleteObject } from '../../../src/sandbox/controllers/delete-object.ts';
import { ApiError } from '../../../src/sandbox/store/api-error.ts';
import { statefulSet, template } from './support/templates.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const names = () => world.pods().map(({ metadata }) => metadata.name);
const images = () => world.pods().map(({ spec }) => spec.containers[0]?.image);
const status = () => world.get('StatefulSet', 'db').status;
const make = (replicas: number, spec: object = {}) => {
  world = createWorld();
  return world.make('StatefulSet', 'db', statefulSet('db', replicas, spec));
};
const scale = (replicas: number) =>
  world.change('StatefulSet', 'db', ({ spec }) => {
    spec.replicas = replicas;
  });
const setImage = (image: string) =>
  world.change('StatefulSet', 'db', ({ spec }) => {
    spec.template = template('db', image) as typeof spec.template;
  });
const becomes = (name: string, phase: 'Running' | 'Failed', ready: boolean) => {
  world.node.set(name, phase, ready);
  world.settle();
};
const remove = (kind: string, name: string) => {
  deleteObject(world, kind, 'default', name);
  world.settle();
};
const claims = [{ metadata: { name: 'data', labels: { a: 'b' } }, spec: { storageClassName: 'standard' } }];

describe('a stateful set', () => {
  test('makes its pods one after the other', () => {
    world = createWorld();
    world.node.setMode('running');
    world.make('StatefulSet', 'db', statefulSet('db', 2));
    expect(names()).toEqual(['db-0']);
    becomes('db-0', 'Running', true);
    expect(names()).toEqual(['db-0', 'db-1']);
    expect(world.events('db')).toEqual([
      'Normal SuccessfulCreate create Pod db-0 in StatefulSet db successful',
      'Normal SuccessfulCreate create Pod db-1 in StatefulSet db successful',
    ]);
  });

  test('with Parallel makes them at once', () => {
    world = createWorld();
    world.node.setMode('running');
    world.make('StatefulSet', 'db', statefulSet('db', 3, { podManagementPolicy: 'Parallel' }));
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
  });

  test('gives each pod its name in the domain of the service', () => {
    make(1);
    const [pod] = world.pods();
    expect(pod?.spec).toMatchObject({ hostname: 'db-0', subdomain: 'db' });
    expect(pod?.metadata.generateName).toBe('db-');
    expect(pod?.metadata.labels).toEqual({
      app: 'db',
      'statefulset.kubernetes.io/pod-name': 'db-0',
      'controller-revision-hash': status()?.updateRevision,
    });
  });

  test('counts its pods', () => {
    make(2);
    const revision = status()?.updateRevision;
    expect(revision).toMatch(/^db-[bcdfghjklmnpqrstvwxz2456789]+$/);
    expect(status()).toEqual({
      replicas: 2,
      readyReplicas: 2,
      currentReplicas: 2,
      updatedReplicas: 2,
      observedGeneration: 1,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
    });
  });

  test('makes a claim for each pod, that outlives it', () => {
    make(2, { volumeClaimTemplates: claims });
    const made = () => world.store.list('PersistentVolumeClaim').map(({ metadata }) => metadata.name);
    expect(made()).toEqual(['data-db-0', 'data-db-1']);
    expect(world.get('PersistentVolumeClaim', 'data-db-0').metadata.labels).toEqual({ a: 'b', app: 'db' });
    expect(world.get('Pod', 'db-1').spec.volumes).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'data-db-1', readOnly: false } },
    ]);
    expect(world.events('db').slice(0, 2)).toEqual([
      'Normal SuccessfulCreate create Claim data-db-0 Pod db-0 in StatefulSet db success',
      'Normal SuccessfulCreate create Pod db-0 in StatefulSet db successful',
    ]);
    scale(0);
    expect(made()).toEqual(['data-db-0', 'data-db-1']);
    remove('StatefulSet', 'db');
    expect(made()).toEqual(['data-db-0', 'data-db-1']);
    expect(world.store.list('ControllerRevision')).toEqual([]);
  });

  test('takes a claim again that is there', () => {
    make(1, { volumeClaimTemplates: claims });
    const { uid } = world.get('PersistentVolumeClaim', 'data-db-0').metadata;
    scale(0);
    scale(1);
    expect(world.get('PersistentVolumeClaim', 'data-db-0').metadata.uid).toBe(uid);
    expect(world.events('db').filter((line) => line.includes('Claim'))).toHaveLength(1);
  });

  test('says so when a claim is refused, and makes no pod', () => {
    world = createWorld();
    world.refuse('PersistentVolumeClaim', new ApiError(403, 'Forbidden', 'no more'));
    world.make('StatefulSet', 'db', statefulSet('db', 1, { volumeClaimTemplates: claims }));
    expect(names()).toEqual([]);
    expect(world.events('db')[0]).toMatch(
      /^Warning FailedCreate create Claim data-db-0 Pod db-0 in StatefulSet db failed error: no more/,
    );
    world.refuse('PersistentVolumeClaim', undefined);
    world.clock.advance(1000);
    expect(names()).toEqual(['db-0']);
  });

  test('replaces a pod that failed as a whole', () => {
    make(1);
    becomes('db-0', 'Failed', false);
    expect(world.pods().map((pod) => pod.status?.phase)).toEqual(['Running']);
    expect(world.events('db')).toEqual([
      'Warning RecreatingFailedPod StatefulSet default/db is recreating failed Pod db-0',
      'Normal SuccessfulDelete delete Pod db-0 in StatefulSet db successful',
      'Normal SuccessfulCreate create Pod db-0 in StatefulSet db successful x2',
    ]);
  });

  test('makes a deleted pod again when it is gone, under its name', () => {
    make(2);
    world.node.setAutoDelete(false);
    remove('Pod', 'db-0');
    expect(names()).toEqual(['db-0', 'db-1']);
    const { uid } = world.get('Pod', 'db-0').metadata;
    world.node.finishDeletions();
    world.settle();
    expect(world.get('Pod', 'db-0').metadata.uid).not.toBe(uid);
  });
});

describe('scaling a stateful set down', () => {
  test('ends the last pod first, each when the one before is gone', () => {
    make(3);
    world.node.setAutoDelete(false);
    scale(0);
    const ending = () =>
      world
        .pods()
        .filter(({ metadata }) => metadata.deletionTimestamp)
        .map(({ metadata }) => metadata.name);
    expect(ending()).toEqual(['db-2']);
    for (const next of ['db-1', 'db-0']) {
      world.node.finishDeletions();
      world.settle();
      expect(ending()).toEqual([next]);
    }
  });

  test('with Parallel ends them at once', () => {
    make(3, { podManagementPolicy: 'Parallel' });
    world.node.setAutoDelete(false);
    scale(1);
    expect(world.pods().map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([false, true, true]);
  });

  test('waits for a pod before it that is not well', () => {
    make(3);
    becomes('db-0', 'Running', false);
    scale(1);
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
    becomes('db-0', 'Running', true);
    expect(names()).toEqual(['db-0']);
  });
});

describe('a new template of a stateful set', () => {
  test('replaces its pods from the last, down to the partition', () => {
    make(3, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
    const old = status()?.currentRevision;
    setImage('db:2');
    expect(images()).toEqual(['web:1', 'db:2', 'db:2']);
    expect(status()).toMatchObject({ currentRevision: old, currentReplicas: 1, updatedReplicas: 2 });
  });

  test('keeps to the old one for a pod below the partition', () => {
    make(2, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
    setImage('db:2');
    remove('Pod', 'db-0');
    expect(images()).toEqual(['web:1', 'db:2']);
  });

  test('waits for each pod to be ready', () => {
    make(2);
    world.node.setMode('running');
    setImage('db:2');
    expect(images()).toEqual(['web:1', 'db:2']);
    becomes('db-1', 'Running', true);
    expect(images()).toEqual(['db:2', 'db:2']);
    expect(status()).toMatchObject({ readyReplicas: 1, updatedReplicas: 2 });
    expect(status()).not.toHaveProperty('currentReplicas');
    becomes('db-0', 'Running', true);
    expect(status()).toMatchObject({ readyReplicas: 2, currentReplicas: 2, updatedReplicas: 2 });
    expect(status()?.currentRevision).toBe(status()?.updateRevision);
  });

  test('with OnDelete replaces what is deleted', () => {
    make(2, { updateStrategy: { type: 'OnDelete' } });
    setImage('db:2');
    expect(images()).toEqual(['web:1', 'web:1']);
    remove('Pod', 'db-0');
    expect(images()).toEqual(['db:2', 'web:1']);
  });

  test('that was there before is the same revision', () => {
    make(1);
    const first = status()?.updateRevision;
    setImage('db:2');
    setImage('web:1');
    expect(status()?.updateRevision).toBe(first);
    expect(
      world.store
        .list('ControllerRevision')
        .map(({ revision }) => revision)
        .sort(),
    ).toEqual([2, 3]);
  });
});
