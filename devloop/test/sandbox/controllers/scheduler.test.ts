import { afterEach, describe, expect, test } from '@jest/globals';
import { deleteObject } from '../../../src/sandbox/controllers/delete-object.ts';
import type { Node, Pod } from '../../../src/sandbox/store/objects.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.stop());

const container = (requests: object = {}, ports: readonly object[] = []) => ({
  name: 'main',
  resources: { requests },
  ports,
});
const pod = (spec: object = {}) => ({ spec: { containers: [container()], ...spec } });
const asking = (requests: object) => pod({ containers: [container(requests)] });
const onPort = (hostPort: number, protocol = 'TCP') =>
  pod({ containers: [container({}, [{ containerPort: 80, hostPort, protocol }])] });
const affinity = (term: object) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
});
const expression = (operator: string, values?: readonly string[], key = 'zone') =>
  affinity({ matchExpressions: [{ key, operator, ...(values && { values }) }] });
const nodeOf = (name: string) => world.get('Pod', name).spec.nodeName;
const scheduled = (name: string) =>
  world.get('Pod', name).status?.conditions?.find(({ type }) => type === 'PodScheduled');
const changeNode = (change: (node: Node) => void) => world.change('Node', 'sandbox', change);

describe('a pod', () => {
  test('that fits gets the node', () => {
    world = createWorld();
    world.make('Pod', 'web', pod());
    expect(nodeOf('web')).toBe('sandbox');
    expect(scheduled('web')).toEqual({
      type: 'PodScheduled',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: '2030-01-01T00:00:00Z',
    });
    expect(world.events('web')).toEqual(['Normal Scheduled Successfully assigned default/web to sandbox']);
  });

  test.each([
    { what: 'has one already', spec: { nodeName: 'other' }, node: 'other' },
    { what: 'has a scheduler of its own', spec: { schedulerName: 'mine' }, node: undefined },
  ])('that $what is left alone', ({ spec, node }) => {
    world = createWorld();
    world.make('Pod', 'web', pod(spec));
    expect(nodeOf('web')).toBe(node);
    expect(world.events('web')).toEqual([]);
  });

  test('waits when there is no node', () => {
    world = createWorld();
    world.store.remove('Node', '', 'sandbox');
    world.make('Pod', 'web', pod());
    expect(world.events('web')).toEqual(['Warning FailedScheduling no nodes available to schedule pods']);
  });
});

describe('a pod that fits nowhere', () => {
  test.each([
    { spec: asking({ cpu: '5' }), why: '1 Insufficient cpu' },
    { spec: asking({ cpu: '4001m' }), why: '1 Insufficient cpu' },
    { spec: asking({ memory: '9Gi' }), why: '1 Insufficient memory' },
    { spec: asking({ cpu: '1000', memory: '1Ti' }), why: '1 Insufficient cpu, 1 Insufficient memory' },
    { spec: pod({ nodeSelector: { disk: 'fast' } }), why: "1 node(s) didn't match Pod's node affinity" },
    { spec: pod(expression('In', ['b', 'c'])), why: "1 node(s) didn't match Pod's node affinity" },
    {
      spec: pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'missing' } }] }),
      why: '1 persistentvolumeclaim "missing" not found',
    },
  ])('is told: $why', ({ spec, why }) => {
    world = createWorld();
    world.make('Pod', 'web', spec);
    const message = `0/1 nodes are available: ${why}.`;
    expect(nodeOf('web')).toBeUndefined();
    expect(world.get('Pod', 'web').status?.phase).toBe('Pending');
    expect(scheduled('web')).toEqual({
      type: 'PodScheduled',
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime: '2030-01-01T00:00:00Z',
      reason: 'Unschedulable',
      message,
    });
    expect(world.events('web')).toEqual([`Warning FailedScheduling ${message}`]);
  });

  test('since another has its port is told so', () => {
    world = createWorld();
    world.make('Pod', 'one', onPort(8080));
    world.make('Pod', 'two', onPort(8080));
    world.make('Pod', 'udp', onPort(8080, 'UDP'));
    expect([nodeOf('one'), nodeOf('two'), nodeOf('udp')]).toEqual(['sandbox', undefined, 'sandbox']);
    expect(scheduled('two')?.message).toBe(
      "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    );
  });

  test('since its claim is not bound is told so, and goes when it is', () => {
    world = createWorld();
    const spec = { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } };
    world.make('PersistentVolumeClaim', 'data', { spec });
    world.make('Pod', 'web', pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }));
    expect(scheduled('web')?.message).toBe(
      '0/1 nodes are available: 1 pod has unbound immediate PersistentVolumeClaims.',
    );
    world.make('PersistentVolume', 'disk', {
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', capacity: { storage: '1Gi' } },
    });
    expect(nodeOf('web')).toBe('sandbox');
  });

  test('goes when another one makes room', () => {
    world = createWorld();
    world.make('Pod', 'one', asking({ cpu: '3' }));
    world.make('Pod', 'two', asking({ cpu: '2' }));
    expect(nodeOf('two')).toBeUndefined();
    deleteObject(world, 'Pod', 'default', 'one');
    world.settle();
    expect(nodeOf('two')).toBe('sandbox');
  });

  test('goes when another one has ended', () => {
    world = createWorld();
    world.make('Pod', 'one', asking({ cpu: '3' }));
    world.make('Pod', 'two', asking({ cpu: '2' }));
    world.node.set('one', 'Succeeded', false);
    world.settle();
    expect(nodeOf('two')).toBe('sandbox');
  });

  test('goes when the node becomes what it asked for', () => {
    world = createWorld();
    world.make('Pod', 'web', pod({ nodeSelector: { disk: 'fast' } }));
    changeNode(({ metadata }) => {
      metadata.labels = { disk: 'fast' };
    });
    expect(nodeOf('web')).toBe('sandbox');
  });

  test('is not told the same again', () => {
    world = createWorld();
    world.make('Pod', 'web', asking({ cpu: '5' }));
    world.make('Pod', 'other', pod());
    deleteObject(world, 'Pod', 'default', 'other');
    world.settle();
    expect(world.events('web')).toHaveLength(1);
  });
});

describe('a node with', () => {
  test('no place for more pods is full', () => {
    world = createWorld();
    changeNode(({ status }) => {
      if (status) status.allocatable = { pods: '1' };
    });
    world.make('Pod', 'one', pod());
    world.make('Pod', 'two', pod());
    expect(scheduled('two')?.message).toBe('0/1 nodes are available: 1 Too many pods.');
  });

  test.each([
    { what: 'that is cordoned', spec: { unschedulable: true }, why: 'node(s) were unschedulable' },
    {
      what: 'with a taint',
      spec: { taints: [{ key: 'only', value: 'gpu', effect: 'NoSchedule' }] },
      why: "node(s) had taint {only: gpu}, that the pod didn't tolerate",
    },
  ])('nothing to offer, $what, takes no pod', ({ spec, why }) => {
    world = createWorld();
    changeNode((node) => {
      node.spec = spec;
    });
    world.make('Pod', 'web', pod());
    expect(scheduled('web')?.message).toBe(`0/1 nodes are available: 1 ${why}.`);
  });

  test.each([
    [{ key: 'only', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }, true],
    [{ key: 'only', value: 'gpu' }, true],
    [{ key: 'only', operator: 'Exists' }, true],
    [{ operator: 'Exists' }, true],
    [{ key: 'only', value: 'cpu' }, false],
    [{ key: 'other', operator: 'Exists' }, false],
    [{ key: 'only', operator: 'Exists', effect: 'NoExecute' }, false],
  ])('a taint and a pod with %j: fits %s', (toleration, fits) => {
    world = createWorld();
    changeNode((node) => {
      node.spec = { taints: [{ key: 'only', value: 'gpu', effect: 'NoSchedule' }] };
    });
    world.make('Pod', 'web', pod({ tolerations: [toleration] }));
    expect(nodeOf('web')).toBe(fits ? 'sandbox' : undefined);
  });

  test.each([
    [expression('In', ['a', 'b']), true],
    [expression('NotIn', ['a']), false],
    [expression('NotIn', ['b']), true],
    [expression('Exists'), true],
    [expression('DoesNotExist'), false],
    [expression('Gt', ['4'], 'cores'), true],
    [expression('Gt', ['8'], 'cores'), false],
    [expression('Lt', ['9'], 'cores'), true],
    [expression('Near', ['a']), false],
    [affinity({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['sandbox'] }] }), true],
    [affinity({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['other'] }] }), false],
  ])('labels and a pod with %j: fits %s', (spec, fits) => {
    world = createWorld();
    changeNode(({ metadata }) => {
      metadata.labels = { zone: 'a', cores: '8' };
    });
    world.make('Pod', 'web', pod(spec));
    expect(nodeOf('web')).toBe(fits ? 'sandbox' : undefined);
  });
});

describe('what a pod asks for', () => {
  const init = (requests: object) => ({ initContainers: [container(requests)] });
  test.each([
    ['the sum of its containers', { containers: [container({ cpu: '3' }), container({ cpu: '2' })] }, false],
    ['the greatest of its init containers', { containers: [container({ cpu: '1' })], ...init({ cpu: '5' }) }, false],
    ['not both', { containers: [container({ cpu: '3' })], ...init({ cpu: '3' }) }, true],
    [
      'its limits where it has no requests',
      { containers: [{ name: 'a', resources: { limits: { cpu: '5' } } }] },
      false,
    ],
    ['its overhead too', { containers: [container({ cpu: '3900m' })], overhead: { cpu: '200m' } }, false],
    ['nothing', { containers: [container({ cpu: '0' })] }, true],
  ])('is %s', (_what, spec, fits) => {
    world = createWorld();
    const { nodeName } = world.make('Pod', 'web', pod(spec)).spec as Pod['spec'];
    expect(nodeName).toBe(fits ? 'sandbox' : undefined);
  });
});
