import { group } from '../check.ts';
import { configMap, onePod, podSpec, service, workload } from '../objects.ts';
import { at, nameOf, pick, versionOf } from '../values/at.ts';

/** Create, read, update, delete, and what goes wrong with them. */
export const objects = group('objects', {
  create: (c) => c.ask('POST', c.path('configmaps'), configMap('one')),

  'a name that exists': async (c) => {
    await c.create('configmaps', configMap('one'));
    return c.ask('POST', c.path('configmaps'), configMap('one'));
  },

  'read what is not there': async (c) => [
    await c.ask('GET', c.path('configmaps', 'none')),
    await c.ask('GET', c.path('deployments', 'none')),
    await c.ask('DELETE', c.path('pods', 'none')),
    await c.ask('PUT', c.path('services', 'none'), service('none', 'none')),
  ],

  'a resource that does not exist': async (c) => [
    pick(await c.ask('GET', c.path('nonsense')), 'status'),
    pick(await c.ask('GET', '/apis/nonsense.example.com/v1/things'), 'status', 'body'),
    pick(await c.ask('GET', c.path('pods', 'one/nonsense')), 'status'),
  ],

  'a name that is not valid': async (c) => [
    await c.ask('POST', c.path('configmaps'), configMap('Not_Valid')),
    await c.ask('POST', c.path('services'), service('1-not-valid', 'web')),
    await c.ask('POST', '/api/v1/namespaces', { metadata: { name: 'Not_Valid' } }),
  ],

  'labels and annotations that are not valid': async (c) => [
    await c.ask('POST', c.path('configmaps'), configMap('one', {}, { labels: { 'a b': 'c' } })),
    await c.ask('POST', c.path('configmaps'), configMap('one', {}, { labels: { a: 'b c' } })),
    await c.ask('POST', c.path('configmaps'), configMap('one', {}, { annotations: { 'a b': 'c' } })),
  ],

  'no name': (c) => c.ask('POST', c.path('configmaps'), { metadata: {}, data: {} }),

  'a generated name': async (c) => {
    const body = await c.create('configmaps', { metadata: { generateName: 'made-' } });
    return [at(body, 'metadata.generateName'), /^made-[a-z0-9]{5}$/.test(nameOf(body))];
  },

  update: async (c) => {
    const made = await c.create('configmaps', configMap('one'));
    const { status, body } = await c.ask('PUT', c.path('configmaps', 'one'), configMap('one', { key: 'other' }));
    return [status, body, versionOf(made) === versionOf(body)];
  },

  'update of an old version': async (c) => {
    const made = await c.create('configmaps', configMap('one'));
    await c.replace('configmaps', 'one', configMap('one', { key: 'other' }));
    const metadata = { resourceVersion: versionOf(made) };
    return c.ask('PUT', c.path('configmaps', 'one'), configMap('one', {}, metadata));
  },

  'update with another uid': async (c) => {
    await c.create('configmaps', configMap('one'));
    const metadata = { uid: '00000000-0000-4000-8000-000000000000' };
    return c.ask('PUT', c.path('configmaps', 'one'), configMap('one', {}, metadata));
  },

  'update with another name': async (c) => {
    await c.create('configmaps', configMap('one'));
    return c.ask('PUT', c.path('configmaps', 'one'), configMap('two'));
  },

  'update that changes nothing': async (c) => {
    const made = await c.create('configmaps', configMap('one'));
    return versionOf(await c.replace('configmaps', 'one', made)) === versionOf(made);
  },

  'another namespace than the URL': (c) =>
    c.ask('POST', c.path('configmaps'), configMap('one', {}, { namespace: 'other' })),

  'a namespace that is not there': async (c) =>
    c.ask('POST', '/api/v1/namespaces/devloop-none/configmaps', configMap('one')),

  'create with a version': (c) => c.ask('POST', c.path('configmaps'), configMap('one', {}, { resourceVersion: '7' })),

  delete: async (c) => {
    await c.create('configmaps', configMap('one'));
    return [await c.ask('DELETE', c.path('configmaps', 'one')), await c.ask('GET', c.path('configmaps', 'one'))];
  },

  'delete with preconditions': async (c) => {
    await c.create('configmaps', configMap('one'));
    const uid = '00000000-0000-4000-8000-000000000000';
    return [
      await c.ask('DELETE', c.path('configmaps', 'one'), { preconditions: { uid } }),
      pick(await c.ask('DELETE', c.path('configmaps', 'one'), { preconditions: { resourceVersion: '1' } }), 'status'),
    ];
  },

  'delete a collection': async (c) => {
    for (const name of ['a', 'b']) await c.create('configmaps', configMap(name, {}, { labels: { kind: 'old' } }));
    await c.create('configmaps', configMap('c', {}, { labels: { kind: 'new' } }));
    const { status, body } = await c.ask('DELETE', `${c.path('configmaps')}?labelSelector=kind%3Dold`);
    const left = await c.list('configmaps', 'labelSelector=kind');
    return [status, pick(body, 'kind', 'items.*.metadata.name'), at(left, 'items.*.metadata.name')];
  },

  'a finalizer': async (c) => {
    await c.create('configmaps', configMap('one', {}, { finalizers: ['example.com/hold'] }));
    const { status, body } = await c.ask('DELETE', c.path('configmaps', 'one'));
    const again = await c.ask('DELETE', c.path('configmaps', 'one'));
    const added = await c.tryPatch('merge', 'configmaps', 'one', {
      metadata: { finalizers: ['example.com/hold', 'example.com/new'] },
    });
    const freed = await c.tryPatch('merge', 'configmaps', 'one', { metadata: { finalizers: null } });
    const paths = ['metadata.finalizers', 'metadata.deletionGracePeriodSeconds', 'metadata.deletionTimestamp'];
    return [
      status,
      pick(body, ...paths),
      again.status,
      added,
      freed.status,
      await c.ask('GET', c.path('configmaps', 'one')),
    ];
  },

  'dry run': async (c) => {
    const { status, body } = await c.ask('POST', `${c.path('configmaps')}?dryRun=All`, configMap('one'));
    const bad = await c.ask('POST', `${c.path('configmaps')}?dryRun=Some`, configMap('one'));
    return [
      status,
      nameOf(body),
      pick(bad, 'status', 'body.reason'),
      pick(await c.ask('GET', c.path('configmaps', 'one')), 'status'),
    ];
  },

  'a body that is no JSON': async (c) =>
    pick(await c.ask('POST', c.path('configmaps'), '{"metadata"'), 'status', 'body.reason'),

  'a body of another kind': async (c) => {
    const other = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'one' } };
    return pick(await c.ask('POST', c.path('configmaps'), other), 'status', 'body.reason', 'body.code');
  },

  'a field of the wrong type': async (c) => {
    const wrong = { metadata: { name: 'one' }, data: { key: 5 } };
    return pick(await c.ask('POST', c.path('configmaps'), wrong), 'status', 'body.reason');
  },

  'a content type that is not served': async (c) => {
    const headers = { 'content-type': 'text/plain' };
    return pick(await c.ask('PATCH', c.path('configmaps', 'one'), 'x', { headers }), 'status', 'body.reason');
  },

  'a method that is not served': async (c) => [
    pick(await c.ask('POST', c.path('configmaps', 'one'), configMap('one')), 'status', 'body.reason'),
    pick(await c.ask('PUT', c.path('configmaps'), configMap('one')), 'status', 'body.reason'),
  ],

  'a Secret from text': async (c) => {
    const secret = { metadata: { name: 'one' }, stringData: { word: 'hello' }, data: { other: 'eA==' } };
    return pick(await c.create('secrets', secret), 'data', 'stringData', 'type');
  },

  'a Secret of a type that asks for keys': (c) =>
    c.ask('POST', c.path('secrets'), { metadata: { name: 'one' }, type: 'kubernetes.io/tls', data: {} }),

  'an immutable ConfigMap': async (c) => {
    await c.create('configmaps', { ...configMap('one'), immutable: true });
    return [
      await c.ask('PUT', c.path('configmaps', 'one'), configMap('one')),
      await c.tryPatch('merge', 'configmaps', 'one', { data: { key: 'other' } }),
    ];
  },

  'fields that are not known': async (c) =>
    pick(await c.create('configmaps', { ...configMap('one'), nonsense: 1 }), 'data', 'nonsense'),

  'defaults of a Pod': async (c) => {
    const spec = podSpec([{ name: 'main', image: 'busybox:1.36', command: ['true'] }], {
      nodeSelector: { none: 'here' },
    });
    return at(await c.create('pods', { metadata: { name: 'one' }, spec }), 'spec');
  },

  'defaults of probes and ports': async (c) => {
    const probe = { httpGet: { port: 80 } };
    const main = { name: 'main', image: 'busybox', ports: [{ containerPort: 80 }], livenessProbe: probe };
    const more = { nodeSelector: { none: 'here' }, volumes: [{ name: 'v', configMap: { name: 'c' } }] };
    return at(await c.create('pods', { metadata: { name: 'one' }, spec: podSpec([main], more) }), 'spec');
  },

  'defaults of a Deployment': async (c) =>
    pick(await c.create('deployments', workload('web', { replicas: 0 })), 'spec', 'metadata.generation'),

  'defaults of a StatefulSet': async (c) =>
    at(await c.create('statefulsets', workload('web', { replicas: 0, spec: { serviceName: 'web' } })), 'spec'),

  'defaults of a Service': async (c) => at(await c.create('services', service('web', 'web')), 'spec'),

  'defaults of a Job': async (c) => {
    const spec = {
      parallelism: 0,
      template: { spec: podSpec([{ name: 'main', image: 'busybox' }], { restartPolicy: 'Never' }) },
    };
    return at(await c.create('jobs', { metadata: { name: 'one' }, spec }), 'spec');
  },

  'the generation counts changes of the spec': async (c) => {
    await c.create('deployments', workload('web', { replicas: 0 }));
    const labelled = await c.patch('merge', 'deployments', 'web', { metadata: { labels: { a: 'b' } } });
    const changed = await c.patch('merge', 'deployments', 'web', { spec: { minReadySeconds: 1 } });
    return [at(labelled, 'metadata.generation'), at(changed, 'metadata.generation')];
  },

  'the status is a subresource': async (c) => {
    await c.create('pods', onePod('one', 'true', { image: 'none.invalid/none' }));
    const status = { conditions: [{ type: 'example.com/Gate', status: 'True' }] };
    const changed = await c.patch('strategic', 'pods', 'one/status', { status, metadata: { labels: { a: 'b' } } });
    const conditions = at(changed, 'status.conditions') as unknown[];
    return [
      conditions.map((condition) => at(condition, 'type')).includes('example.com/Gate'),
      at(changed, 'metadata.labels'),
    ];
  },
});
