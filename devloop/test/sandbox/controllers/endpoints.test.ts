import { afterEach, describe, expect, test } from '@jest/globals';
import { deleteObject } from '../../../src/sandbox/controllers/delete-object.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const service = (spec: object = {}) => ({ spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec } });
const makePod = (name: string, spec: object = {}, app = 'web') =>
  world.make('Pod', name, { spec: { containers: [{ name: 'main' }], ...spec } }, { labels: { app } });
const subsets = (name = 'web') => world.get('Endpoints', name).subsets;
const slices = () => world.store.list('EndpointSlice', 'default');
const names = (addresses: readonly { targetRef?: { name?: string } }[] = []) =>
  addresses.map(({ targetRef }) => targetRef?.name);
const ipOf = (name: string) => world.get('Pod', name).status?.podIP;

describe('the endpoints of a service', () => {
  test('are its pods that are ready', () => {
    world = createWorld();
    world.make('Service', 'web', service());
    const pod = makePod('a');
    makePod('other', {}, 'db');
    const targetRef = {
      kind: 'Pod',
      namespace: 'default',
      name: 'a',
      uid: pod.metadata.uid,
    };
    expect(subsets()).toEqual([
      {
        addresses: [
          {
            ip: ipOf('a'),
            nodeName: 'sandbox',
            targetRef: { ...targetRef, resourceVersion: expect.stringMatching(/^\d+$/) },
          },
        ],
        ports: [{ port: 80, protocol: 'TCP' }],
      },
    ]);
    expect(slices()).toHaveLength(1);
    expect(slices()[0]).toMatchObject({
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: [ipOf('a')],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: 'sandbox',
          targetRef,
        },
      ],
      ports: [{ name: '', port: 80, protocol: 'TCP' }],
    });
    expect(slices()[0]?.metadata).toMatchObject({
      generateName: 'web-',
      labels: {
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [{ kind: 'Service', name: 'web', controller: true, blockOwnerDeletion: true }],
    });
  });

  test('are not written again for a pod that changes otherwise', () => {
    world = createWorld();
    world.make('Service', 'web', service());
    makePod('a');
    const { resourceVersion } = world.get('Endpoints', 'web').metadata;
    world.change('Pod', 'a', ({ metadata }) => {
      metadata.annotations = { note: 'new' };
    });
    expect(world.get('Endpoints', 'web').metadata.resourceVersion).toBe(resourceVersion);
  });

  test('of which none is there are empty', () => {
    world = createWorld();
    world.make('Service', 'web', service());
    expect(world.get('Endpoints', 'web')).not.toHaveProperty('subsets');
    expect(slices()).toMatchObject([{ endpoints: [], ports: [] }]);
  });

  test('follow pods as they come, change and go', () => {
    world = createWorld();
    world.make('Service', 'web', service());
    makePod('a');
    makePod('b');
    expect(names(subsets()?.[0]?.addresses)).toEqual(['a', 'b']);
    world.node.set('a', 'Running', false);
    world.settle();
    expect(names(subsets()?.[0]?.addresses)).toEqual(['b']);
    expect(names(subsets()?.[0]?.notReadyAddresses)).toEqual(['a']);
    expect(slices()[0]?.endpoints?.map(({ conditions }) => conditions?.ready)).toEqual([false, true]);
    deleteObject(world, 'Pod', 'default', 'b');
    world.settle();
    expect(names(subsets()?.[0]?.addresses)).toEqual([]);
    world.change('Pod', 'a', ({ metadata }) => {
      metadata.labels = { app: 'db' };
    });
    expect(world.get('Endpoints', 'web')).not.toHaveProperty('subsets');
  });

  test('leave out a pod that ends, whose slice says so', () => {
    world = createWorld();
    world.node.setAutoDelete(false);
    world.make('Service', 'web', service());
    makePod('a');
    deleteObject(world, 'Pod', 'default', 'a');
    world.settle();
    expect(world.get('Endpoints', 'web')).not.toHaveProperty('subsets');
    expect(slices()[0]?.endpoints?.[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true });
  });

  test('have pods that are not ready when the service wants them all', () => {
    world = createWorld();
    world.node.setMode('running');
    world.make('Service', 'web', service({ publishNotReadyAddresses: true }));
    makePod('a');
    expect(names(subsets()?.[0]?.addresses)).toEqual(['a']);
    expect(slices()[0]?.endpoints?.[0]?.conditions).toMatchObject({ ready: true, serving: false });
  });

  test.each([
    ['Never', 'Succeeded', false],
    ['Never', 'Failed', false],
    ['OnFailure', 'Succeeded', false],
    ['OnFailure', 'Failed', true],
    ['Always', 'Failed', true],
  ] as const)('of a pod that is started again %s and has %s: listed %s', (restartPolicy, phase, listed) => {
    world = createWorld();
    world.make('Service', 'web', service());
    makePod('a', { restartPolicy });
    world.node.set('a', phase, false);
    world.settle();
    expect(names(subsets()?.[0]?.notReadyAddresses)).toEqual(listed ? ['a'] : []);
  });

  test.each([
    { what: 'no selector', spec: { selector: undefined } },
    { what: 'an empty selector', spec: { selector: {} } },
    { what: 'a name elsewhere', spec: { type: 'ExternalName', externalName: 'example.com' } },
  ])('are not written for a service with $what', ({ spec }) => {
    world = createWorld();
    makePod('a');
    world.make('Service', 'web', service(spec));
    expect(world.store.get('Endpoints', 'default', 'web')).toBeUndefined();
    expect(slices()).toEqual([]);
  });

  test('go with the service', () => {
    world = createWorld();
    world.make('Service', 'web', service());
    deleteObject(world, 'Service', 'default', 'web');
    world.settle();
    expect(world.store.get('Endpoints', 'default', 'web')).toBeUndefined();
    expect(slices()).toEqual([]);
  });

  test('carry the labels of the service, and say that it has no address', () => {
    world = createWorld();
    world.make('Service', 'web', service({ clusterIP: 'None' }), { labels: { team: 'a' } });
    const labels = { team: 'a', 'service.kubernetes.io/headless': '' };
    expect(world.get('Endpoints', 'web').metadata.labels).toEqual(labels);
    expect(slices()[0]?.metadata.labels).toMatchObject(labels);
    world.change('Service', 'web', ({ metadata }) => {
      delete metadata.labels;
    });
    expect(world.get('Endpoints', 'web').metadata.labels).toEqual({ 'service.kubernetes.io/headless': '' });
  });

  test('name the host of a pod that is in the domain of the service', () => {
    world = createWorld();
    world.make('Service', 'web', service());
    makePod('a', { hostname: 'a', subdomain: 'web' });
    makePod('b', { hostname: 'b', subdomain: 'other' });
    expect(subsets()?.[0]?.addresses?.map(({ hostname }) => hostname)).toEqual(['a', undefined]);
  });
});

describe('the ports of endpoints', () => {
  const ports = [
    { name: 'http', containerPort: 8080 },
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
  ];
  test.each([
    [{ port: 80 }, { port: 80, protocol: 'TCP' }],
    [
      { port: 80, targetPort: 0 },
      { port: 80, protocol: 'TCP' },
    ],
    [
      { port: 80, targetPort: 8080 },
      { port: 8080, protocol: 'TCP' },
    ],
    [
      { port: 80, targetPort: 'http' },
      { port: 8080, protocol: 'TCP' },
    ],
    [
      { name: 'web', port: 80, targetPort: 'http' },
      { name: 'web', port: 8080, protocol: 'TCP' },
    ],
    [
      { port: 53, targetPort: 'dns', protocol: 'UDP' },
      { port: 53, protocol: 'UDP' },
    ],
    [{ port: 53, targetPort: 'dns' }, undefined],
    [{ port: 80, targetPort: 'nope' }, undefined],
  ])('of a service with %j are %j', (port, expected) => {
    world = createWorld();
    world.make('Service', 'web', service({ ports: [port] }));
    makePod('a', { containers: [{ name: 'main', ports }] });
    expect(subsets()?.[0]?.ports).toEqual(expected && [expected]);
  });

  test('that differ between pods make two subsets and two slices', () => {
    world = createWorld();
    world.make('Service', 'web', service({ ports: [{ port: 80, targetPort: 'http' }] }));
    makePod('a', { containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8080 }] }] });
    makePod('b', { containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 9090 }] }] });
    expect(subsets()?.map(({ ports: own }) => own?.[0]?.port)).toEqual([8080, 9090]);
    expect(
      slices()
        .map(({ ports: own }) => own?.[0]?.port)
        .sort(),
    ).toEqual([8080, 9090]);
  });

  test('of more than a hundred pods take more slices, which go again', () => {
    world = createWorld();
    world.make('Service', 'web', service());
    for (let index = 0; index < 101; index += 1) makePod(`p${index}`, { nodeName: 'sandbox' });
    expect(
      slices()
        .map(({ endpoints }) => endpoints?.length)
        .sort(),
    ).toEqual([1, 100]);
    expect(subsets()?.[0]?.addresses).toHaveLength(101);
    deleteObject(world, 'Pod', 'default', 'p7');
    world.settle();
    expect(slices().map(({ endpoints }) => endpoints?.length)).toEqual([100]);
  });
});
