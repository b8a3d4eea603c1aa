import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import { configMap, container, podSpec, service, workload } from '../objects.ts';
import { at, pick, versionOf } from '../values/at.ts';

async function deployment(c: Client) {
  const env = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ];
  const ports = [{ containerPort: 80 }, { containerPort: 81, name: 'other' }];
  const volumeMounts = [
    { name: 'v', mountPath: '/a' },
    { name: 'v', mountPath: '/b' },
  ];
  const containers = [
    container('true', { env, ports, volumeMounts, args: ['x', 'y'] }),
    container('true', { name: 'side' }),
  ];
  const volumes = [
    { name: 'v', emptyDir: {} },
    { name: 'w', configMap: { name: 'c' } },
  ];
  const tolerations = [{ key: 'a', operator: 'Exists' }];
  return c.create('deployments', workload('web', { replicas: 0, containers, podSpec: { volumes, tolerations } }));
}

/** A strategic merge patch of the pod's spec, and what became of it. */
async function patchedPod(c: Client, spec: unknown, ...paths: string[]) {
  await deployment(c);
  const body = await c.patch('strategic', 'deployments', 'web', { spec: { template: { spec } } });
  return pick(at(body, 'spec.template.spec'), ...paths);
}

async function jsonPatch(c: Client, patch: unknown) {
  await c.create('configmaps', configMap('one', { a: '1', b: '2' }));
  const { status, body } = await c.tryPatch('json', 'configmaps', 'one', patch);
  return status === 200 ? at(body, 'data') : { status, ...pick(body, 'reason', 'message', 'details') };
}

/** JSON, merge and strategic merge patches. */
export const patches = group('patches', {
  'json: add, replace, remove, copy, move': (c) =>
    jsonPatch(c, [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'add', path: '/data/c', value: '3' },
      { op: 'replace', path: '/data/a', value: '4' },
      { op: 'remove', path: '/data/b' },
      { op: 'copy', from: '/data/a', path: '/data/d' },
      { op: 'move', from: '/data/c', path: '/data/e~1f' },
    ]),

  'json: a test that fails': (c) => jsonPatch(c, [{ op: 'test', path: '/data/a', value: '2' }]),

  'json: remove what is not there': (c) => jsonPatch(c, [{ op: 'remove', path: '/data/none' }]),

  'json: add below what is not there': (c) => jsonPatch(c, [{ op: 'add', path: '/none/none', value: 'x' }]),

  'json: no list of operations': async (c) => {
    await c.create('configmaps', configMap('one'));
    return pick(await c.tryPatch('json', 'configmaps', 'one', { op: 'add' }), 'status', 'body.reason');
  },

  'json: list positions': async (c) => {
    await deployment(c);
    const at0 = '/spec/template/spec/containers/0/args';
    const operations = [
      { op: 'add', path: `${at0}/0`, value: 'first' },
      { op: 'add', path: `${at0}/-`, value: 'last' },
      { op: 'remove', path: `${at0}/1` },
    ];
    return at(await c.patch('json', 'deployments', 'web', operations), 'spec.template.spec.containers.0.args');
  },

  'merge: null removes, objects merge': async (c) => {
    await c.create('configmaps', configMap('one', { a: '1', b: '2' }, { labels: { x: 'y' } }));
    const patch = { data: { a: null, c: '3' }, metadata: { labels: { z: 'w' }, annotations: { n: 'm' } } };
    return pick(await c.patch('merge', 'configmaps', 'one', patch), 'data', 'metadata.labels', 'metadata.annotations');
  },

  'merge: lists are replaced': async (c) => {
    await deployment(c);
    const containers = [{ name: 'only', image: 'x' }];
    const spec = { template: { spec: { containers, volumes: null } } };
    return pick(
      await c.patch('merge', 'deployments', 'web', { spec }),
      'spec.template.spec.containers',
      'spec.template.spec.volumes',
    );
  },

  'merge: a result that is not valid': async (c) => {
    await deployment(c);
    return c.tryPatch('merge', 'deployments', 'web', { spec: { template: { spec: { containers: null } } } });
  },

  'strategic: containers and env by name': (c) => {
    const env = [
      { name: 'B', value: '3' },
      { name: 'C', value: '4' },
    ];
    return patchedPod(
      c,
      { containers: [{ name: 'main', env }] },
      'containers.*.name',
      'containers.0.env',
      'containers.0.image',
    );
  },

  'strategic: a new container': (c) =>
    patchedPod(c, { containers: [{ name: 'new', image: 'x' }] }, 'containers.*.name', 'containers.*.image'),

  'strategic: $patch delete': (c) =>
    patchedPod(
      c,
      {
        containers: [
          { name: 'side', $patch: 'delete' },
          { name: 'main', env: [{ name: 'A', $patch: 'delete' }] },
        ],
      },
      'containers.*.name',
      'containers.0.env',
    ),

  'strategic: $patch replace': (c) =>
    patchedPod(c, { containers: [{ $patch: 'replace' }, { name: 'new', image: 'x' }] }, 'containers.*.name'),

  'strategic: $setElementOrder': (c) => {
    const order = { '$setElementOrder/containers': [{ name: 'side' }, { name: 'new' }, { name: 'main' }] };
    return patchedPod(c, { ...order, containers: [{ name: 'new', image: 'x' }] }, 'containers.*.name');
  },

  'strategic: ports and mounts by their keys': (c) => {
    const ports = [{ containerPort: 80, name: 'web' }, { containerPort: 82 }];
    const volumeMounts = [
      { mountPath: '/b', readOnly: true, name: 'v' },
      { mountPath: '/c', name: 'w' },
    ];
    return patchedPod(
      c,
      { containers: [{ name: 'main', ports, volumeMounts }] },
      'containers.0.ports',
      'containers.0.volumeMounts',
    );
  },

  'strategic: lists without keys are replaced': (c) => {
    const tolerations = [{ key: 'b', operator: 'Exists' }];
    return patchedPod(
      c,
      { tolerations, containers: [{ name: 'main', args: ['z'] }] },
      'tolerations',
      'containers.0.args',
    );
  },

  'strategic: $retainKeys of volumes': (c) =>
    patchedPod(c, { volumes: [{ name: 'w', $retainKeys: ['name', 'emptyDir'], emptyDir: {} }] }, 'volumes'),

  'strategic: from RollingUpdate to Recreate': async (c) => {
    await deployment(c);
    const plain = await c.tryPatch('strategic', 'deployments', 'web', { spec: { strategy: { type: 'Recreate' } } });
    const strategy = { $retainKeys: ['type'], type: 'Recreate' };
    const kept = await c.tryPatch('strategic', 'deployments', 'web', { spec: { strategy } });
    return [pick(plain, 'status', 'body.message', 'body.spec.strategy'), pick(kept, 'status', 'body.spec.strategy')];
  },

  'strategic: finalizers are a set': async (c) => {
    await c.create('configmaps', configMap('one', {}, { finalizers: ['example.com/a', 'example.com/b'] }));
    const added = await c.patch('strategic', 'configmaps', 'one', { metadata: { finalizers: ['example.com/c'] } });
    const removal = { '$deleteFromPrimitiveList/finalizers': ['example.com/a', 'example.com/b'] };
    const removed = await c.patch('strategic', 'configmaps', 'one', { metadata: removal });
    await c.patch('merge', 'configmaps', 'one', { metadata: { finalizers: null } });
    return [at(added, 'metadata.finalizers'), at(removed, 'metadata.finalizers')];
  },

  'strategic: ports of a Service': async (c) => {
    await c.create(
      'services',
      service('web', 'web', {
        ports: [
          { port: 80, name: 'a' },
          { port: 81, name: 'b' },
        ],
      }),
    );
    const ports = [
      { port: 81, targetPort: 90 },
      { port: 82, name: 'c' },
    ];
    return at(await c.patch('strategic', 'services', 'web', { spec: { ports } }), 'spec.ports');
  },

  'strategic: null removes a map key': async (c) => {
    await deployment(c);
    const template = { metadata: { labels: { app: 'web', extra: 'x' } }, spec: { nodeSelector: { a: 'b', c: 'd' } } };
    await c.patch('strategic', 'deployments', 'web', { spec: { template } });
    const spec = { template: { metadata: { labels: { extra: null } }, spec: { nodeSelector: { a: null } } } };
    return pick(
      await c.patch('strategic', 'deployments', 'web', { spec }),
      'spec.template.metadata.labels',
      'spec.template.spec.nodeSelector',
    );
  },

  'of an old version': async (c) => {
    const made = await c.create('configmaps', configMap('one'));
    await c.patch('merge', 'configmaps', 'one', { data: { key: 'other' } });
    const patch = { metadata: { resourceVersion: versionOf(made) }, data: { key: 'third' } };
    return c.tryPatch('merge', 'configmaps', 'one', patch);
  },

  'that changes nothing': async (c) => {
    const made = await c.create('configmaps', configMap('one'));
    const same = await c.patch('merge', 'configmaps', 'one', { data: { key: 'value' } });
    return versionOf(made) === versionOf(same);
  },

  'of what is not there': async (c) => [
    await c.tryPatch('merge', 'configmaps', 'one', { data: {} }),
    await c.tryPatch('strategic', 'deployments', 'web', { spec: {} }),
  ],

  'of the name': async (c) => {
    await c.create('configmaps', configMap('one'));
    return c.tryPatch('merge', 'configmaps', 'one', { metadata: { name: 'two' } });
  },

  'of the scale': async (c) => {
    await deployment(c);
    const scaled = await c.patch('merge', 'deployments', 'web/scale', { spec: { replicas: 0 } });
    const read = await c.read('deployments', 'web/scale');
    return [pick(scaled, 'kind', 'apiVersion', 'spec', 'status', 'metadata.name'), at(read, 'status.selector')];
  },

  'as a dry run': async (c) => {
    await c.create('configmaps', configMap('one'));
    const tried = await c.patch('merge', 'configmaps', 'one?dryRun=All', { data: { key: 'other' } });
    return [at(tried, 'data'), at(await c.read('configmaps', 'one'), 'data')];
  },

  'a volume of a Pod spec stays one': (c) =>
    patchedPod(c, podSpec([{ name: 'main', image: 'x' }]), 'volumes', 'containers.0.image'),
});
