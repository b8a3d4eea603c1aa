import { afterEach, describe, expect, test } from '@jest/globals';
import { deleteObject } from '../../../src/sandbox/controllers/delete-object.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const claim = (fields: object = {}) => ({
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName: 'standard',
    ...fields,
  },
});
const volume = (storage: string, fields: object = {}) => ({
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage },
    storageClassName: 'manual',
    persistentVolumeReclaimPolicy: 'Retain',
    hostPath: { path: '/data' },
    ...fields,
  },
});
const user = (name: string) => ({
  spec: { containers: [], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] },
});
const phase = (name: string) => world.get('PersistentVolumeClaim', name).status?.phase;
const boundTo = (name: string) => world.get('PersistentVolumeClaim', name).spec.volumeName;
const remove = (kind: string, name: string) => {
  deleteObject(world, kind, kind === 'PersistentVolume' ? '' : 'default', name);
  world.settle();
};

describe('a claim of the class standard', () => {
  test('gets a volume of its own', () => {
    world = createWorld();
    const made = world.make('PersistentVolumeClaim', 'data', claim());
    const name = `pvc-${made.metadata.uid}`;
    expect(made.spec.volumeName).toBe(name);
    expect(made.status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } });
    expect(made.metadata.annotations).toEqual({
      'volume.beta.kubernetes.io/storage-provisioner': 'sandbox/host-path',
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    });
    const disk = world.get('PersistentVolume', name);
    expect(disk.status?.phase).toBe('Bound');
    expect(disk.spec).toMatchObject({
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: 'standard',
      hostPath: { path: `/volumes/${name}`, type: 'DirectoryOrCreate' },
      claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid: made.metadata.uid },
    });
    expect(world.events('data')).toEqual([
      'Normal ExternalProvisioning waiting for a volume to be created, either by external provisioner "sandbox/host-path" or manually created by system administrator',
    ]);
  });

  test('that is deleted takes its volume and its folder with it', () => {
    world = createWorld();
    const { metadata } = world.make('PersistentVolumeClaim', 'data', claim());
    remove('PersistentVolumeClaim', 'data');
    expect(world.store.list('PersistentVolume')).toEqual([]);
    expect(world.removed).toEqual([`/volumes/pvc-${metadata.uid}`]);
  });

  test('leaves its volume when the class keeps them', () => {
    world = createWorld();
    world.make('StorageClass', 'keeping', { provisioner: 'sandbox/host-path', reclaimPolicy: 'Retain' });
    world.make('PersistentVolumeClaim', 'data', claim({ storageClassName: 'keeping' }));
    remove('PersistentVolumeClaim', 'data');
    expect(world.store.list('PersistentVolume').map(({ status }) => status?.phase)).toEqual(['Released']);
    expect(world.removed).toEqual([]);
  });
});

describe('a claim that cannot be bound', () => {
  test.each([
    {
      why: 'has no class',
      fields: { storageClassName: '' },
      event: 'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    },
    {
      why: 'has a class that is not there',
      fields: { storageClassName: 'nope' },
      event: 'Warning ProvisioningFailed storageclass.storage.k8s.io "nope" not found',
    },
  ])('since it $why waits and says so', ({ fields, event }) => {
    world = createWorld();
    world.make('PersistentVolumeClaim', 'data', claim(fields));
    expect(phase('data')).toBe('Pending');
    expect(world.events('data')[0]?.replace(/ x\d+$/, '')).toBe(event);
  });

  test('since nobody makes volumes of its class waits for whoever does', () => {
    world = createWorld();
    world.make('StorageClass', 'cloud', { provisioner: 'example.com/disks' });
    world.make('PersistentVolumeClaim', 'data', claim({ storageClassName: 'cloud' }));
    expect(phase('data')).toBe('Pending');
    expect(world.store.list('PersistentVolume')).toEqual([]);
    expect(world.events('data')[0]).toContain('either by external provisioner "example.com/disks" or manually');
  });

  test('is bound when its class comes', () => {
    world = createWorld();
    world.make('PersistentVolumeClaim', 'data', claim({ storageClassName: 'later' }));
    world.make('StorageClass', 'later', { provisioner: 'sandbox/host-path' });
    expect(phase('data')).toBe('Bound');
  });

  test('is bound when a volume comes', () => {
    world = createWorld();
    world.make('PersistentVolumeClaim', 'data', claim({ storageClassName: '' }));
    world.make('PersistentVolume', 'disk', volume('1Gi', { storageClassName: '' }));
    expect(boundTo('data')).toBe('disk');
  });
});

describe('of the volumes that are there', () => {
  test.each([
    { what: 'the smallest that is big enough', fields: {}, bound: 'middle' },
    { what: 'the one that it names', fields: { volumeName: 'big' }, bound: 'big' },
    {
      what: 'one with the labels that it asks for',
      fields: { selector: { matchLabels: { disk: 'fast' } } },
      bound: 'big',
    },
    { what: 'none without its access mode', fields: { accessModes: ['ReadWriteMany'] }, bound: undefined },
    { what: 'none that is too small', fields: { resources: { requests: { storage: '1Ti' } } }, bound: undefined },
    { what: 'none of another class', fields: { storageClassName: '' }, bound: undefined },
  ])('a claim gets $what', ({ fields, bound }) => {
    world = createWorld();
    world.make('PersistentVolume', 'big', volume('100Gi'), { labels: { disk: 'fast' } });
    world.make('PersistentVolume', 'middle', volume('1500Mi'));
    world.make('PersistentVolume', 'small', volume('900Mi'));
    world.make('PersistentVolumeClaim', 'data', claim({ storageClassName: 'manual', ...fields }));
    expect(boundTo('data')).toBe(bound);
    expect(phase('data')).toBe(bound ? 'Bound' : 'Pending');
  });

  test('each is for one claim only, and is not given on after that', () => {
    world = createWorld();
    world.make('PersistentVolume', 'disk', volume('1Gi'));
    world.make('PersistentVolumeClaim', 'one', claim({ storageClassName: 'manual' }));
    world.make('PersistentVolumeClaim', 'two', claim({ storageClassName: 'manual' }));
    expect([phase('one'), phase('two')]).toEqual(['Bound', 'Pending']);
    remove('PersistentVolumeClaim', 'one');
    expect(world.get('PersistentVolume', 'disk').status?.phase).toBe('Released');
    expect(phase('two')).toBe('Pending');
    expect(world.removed).toEqual([]);
  });

  test('one that is reserved goes to its claim', () => {
    world = createWorld();
    const claimRef = { namespace: 'default', name: 'two' };
    world.make('PersistentVolume', 'disk', volume('1Gi', { claimRef }));
    world.make('PersistentVolumeClaim', 'one', claim({ storageClassName: 'manual' }));
    world.make('PersistentVolumeClaim', 'two', claim({ storageClassName: 'manual' }));
    expect([boundTo('one'), boundTo('two')]).toEqual([undefined, 'disk']);
  });

  test('one that nobody has is available, and goes when it is deleted', () => {
    world = createWorld();
    world.make('PersistentVolume', 'disk', volume('1Gi'), { finalizers: ['kubernetes.io/pv-protection'] });
    expect(world.get('PersistentVolume', 'disk').status?.phase).toBe('Available');
    remove('PersistentVolume', 'disk');
    expect(world.store.list('PersistentVolume')).toEqual([]);
  });

  test('one that is in use stays until its claim is gone', () => {
    world = createWorld();
    world.make('PersistentVolume', 'disk', volume('1Gi'), { finalizers: ['kubernetes.io/pv-protection'] });
    world.make('PersistentVolumeClaim', 'data', claim({ storageClassName: 'manual' }));
    remove('PersistentVolume', 'disk');
    expect(world.store.list('PersistentVolume')).toHaveLength(1);
    remove('PersistentVolumeClaim', 'data');
    expect(world.store.list('PersistentVolume')).toEqual([]);
  });
});

describe('a claim that a pod uses', () => {
  test('stays until the pod is gone', () => {
    world = createWorld();
    world.make('PersistentVolumeClaim', 'data', claim());
    world.make('Pod', 'web', user('data'));
    remove('PersistentVolumeClaim', 'data');
    expect(world.get('PersistentVolumeClaim', 'data').metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    remove('Pod', 'web');
    expect(world.store.list('PersistentVolumeClaim')).toEqual([]);
  });

  test('stays until the pod is over', () => {
    world = createWorld();
    world.make('PersistentVolumeClaim', 'data', claim());
    world.make('Pod', 'web', user('data'));
    remove('PersistentVolumeClaim', 'data');
    world.node.set('web', 'Succeeded', false);
    world.settle();
    expect(world.store.list('PersistentVolumeClaim')).toEqual([]);
  });
});
