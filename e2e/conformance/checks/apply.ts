import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import { configMap, container, type Fields, service, workload } from '../objects.ts';
import { at, pick, versionOf } from '../values/at.ts';

const map = (data: unknown, metadata: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', ...metadata }, data },
});

const apply = (c: Client, manager: string, object: unknown, more = '') =>
  c.tryPatch(
    'apply',
    at(object, 'kind') === 'ConfigMap' ? 'configmaps' : at(object, 'kind') === 'Service' ? 'services' : 'deployments',
    `${at(object, 'metadata.name')}?fieldManager=${manager}${more}`,
    object,
  );

const managers = (object: unknown) =>
  ((at(object, 'metadata.managedFields') as unknown[] | undefined) ?? [])
    // What controllers write comes when it comes.
    .filter((entry) => at(entry, 'manager') !== 'kube-controller-manager')
    .map((entry) => pick(entry, 'manager', 'operation', 'apiVersion', 'fieldsType', 'fieldsV1'))
    .sort((one, other) => String(one['manager']).localeCompare(String(other['manager'])));

const web = (containers: readonly Fields[], spec: object = {}) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  ...workload('web', { replicas: 0, containers, spec: { ...spec } }),
});

/** Server-side apply: who owns what. */
export const applies = group('apply', {
  'makes what is not there': async (c) => {
    const { status, body } = await apply(c, 'a', map({ key: 'value' }));
    return [status, at(body, 'data'), managers(body)];
  },

  'again changes nothing': async (c) => {
    const first = await apply(c, 'a', map({ key: 'value' }));
    const again = await apply(c, 'a', map({ key: 'value' }));
    return [again.status, versionOf(first.body) === versionOf(again.body)];
  },

  'a field that the manager leaves out goes': async (c) => {
    await apply(c, 'a', map({ x: '1', y: '2' }, { labels: { l: 'm' } }));
    const { body } = await apply(c, 'a', map({ x: '1' }));
    return [pick(body, 'data', 'metadata.labels'), managers(body)];
  },

  'a conflict': async (c) => {
    await apply(c, 'a', map({ x: '1' }));
    return apply(c, 'b', map({ x: '2' }));
  },

  'two conflicts': async (c) => {
    await apply(c, 'a', map({ x: '1', y: '1' }));
    return apply(c, 'b', map({ x: '2', y: '2' }));
  },

  force: async (c) => {
    await apply(c, 'a', map({ x: '1', y: '1' }));
    const { body } = await apply(c, 'b', map({ x: '2' }), '&force=true');
    return [at(body, 'data'), managers(body)];
  },

  'the same value is shared': async (c) => {
    await apply(c, 'a', map({ x: '1' }));
    const { body } = await apply(c, 'b', map({ x: '1' }));
    const left = await apply(c, 'a', map({}));
    return [managers(body), at(left.body, 'data'), managers(left.body)];
  },

  'a conflict with an update': async (c) => {
    await apply(c, 'a', map({ x: '1' }));
    await c.ask(
      'PATCH',
      c.path('configmaps', 'one?fieldManager=editor'),
      { data: { x: '2' } },
      { headers: { 'content-type': 'application/merge-patch+json' } },
    );
    const answer = await apply(c, 'a', map({ x: '1' }));
    return pick(answer, 'status', 'body.reason', 'body.message', 'body.details.causes');
  },

  'over what was created': async (c) => {
    await c.ask('POST', `${c.path('configmaps')}?fieldManager=maker`, configMap('one', { x: '1', y: '1' }));
    const { status, body } = await apply(c, 'a', map({ x: '1', z: '1' }));
    return [status, at(body, 'data'), managers(body)];
  },

  'no field manager': (c) => c.tryPatch('apply', 'configmaps', 'one', map({})),

  'force without apply': async (c) => {
    await c.create('configmaps', configMap('one'));
    return c.tryPatch('merge', 'configmaps', 'one?force=true', {});
  },

  'managed fields in the body': async (c) =>
    apply(
      c,
      'a',
      map(
        {},
        {
          managedFields: [{ manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }],
        },
      ),
    ),

  'another name than the URL': async (c) => {
    const answer = await c.tryPatch('apply', 'configmaps', 'two?fieldManager=a', map({}));
    return pick(answer, 'status', 'body.reason', 'body.message');
  },

  'no kind': async (c) =>
    pick(
      await c.tryPatch('apply', 'configmaps', 'one?fieldManager=a', configMap('one')),
      'status',
      'body.reason',
      'body.message',
    ),

  'an unknown field': async (c) =>
    pick(await apply(c, 'a', { ...map({}), nonsense: 1 }), 'status', 'body.reason', 'body.message'),

  'an old version': async (c) => {
    const first = await apply(c, 'a', map({ x: '1' }));
    await apply(c, 'a', map({ x: '2' }));
    const answer = await apply(c, 'a', map({ x: '3' }, { resourceVersion: versionOf(first.body) }));
    return pick(answer, 'status', 'body.reason', 'body.message');
  },

  'containers and env of two managers': async (c) => {
    const env = (name: string) => [{ name, value: name }];
    await apply(c, 'a', web([container('true', { env: env('A') })]));
    const { status, body } = await apply(
      c,
      'b',
      web([container('true', { env: env('B') }), container('true', { name: 'side' })]),
    );
    const left = await apply(c, 'b', web([container('true')]));
    const paths = ['spec.template.spec.containers.*.name', 'spec.template.spec.containers.0.env'];
    return [status, pick(body, ...paths), pick(left.body, ...paths), managers(left.body)];
  },

  'a list without keys is one value': async (c) => {
    await apply(c, 'a', web([container('true', { args: ['a', 'b'] })]));
    return pick(await apply(c, 'b', web([container('true', { args: ['a', 'c'] })])), 'status', 'body.message');
  },

  'a list with an element twice': async (c) =>
    pick(
      await apply(
        c,
        'a',
        web([
          container('true', {
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          }),
        ]),
      ),
      'status',
      'body.reason',
      'body.message',
    ),

  'ports of a Service': async (c) => {
    const ports = [
      { port: 80, protocol: 'TCP', name: 'a' },
      { port: 53, protocol: 'UDP', name: 'b' },
    ];
    const object = { apiVersion: 'v1', kind: 'Service', ...service('web', 'web', { ports }) };
    const { body } = await apply(c, 'a', object);
    const fewer = await apply(c, 'a', {
      apiVersion: 'v1',
      kind: 'Service',
      ...service('web', 'web', { ports: ports.slice(0, 1) }),
    });
    return [managers(body), pick(fewer, 'status', 'body.spec.ports.*.name')];
  },

  'finalizers are a set': async (c) => {
    await apply(c, 'a', map({}, { finalizers: ['example.com/a'] }));
    const both = await apply(c, 'b', map({}, { finalizers: ['example.com/b'] }));
    const left = await apply(c, 'a', map({}));
    await c.patch('merge', 'configmaps', 'one', { metadata: { finalizers: null } });
    return [at(both.body, 'metadata.finalizers'), at(left.body, 'metadata.finalizers')];
  },

  'who updated is kept': async (c) => {
    await c.ask('POST', `${c.path('configmaps')}?fieldManager=maker`, configMap('one', { x: '1' }));
    const update = configMap('one', { x: '2', y: '1' });
    const { body } = await c.ask('PUT', c.path('configmaps', 'one?fieldManager=updater'), update);
    return managers(body);
  },

  'as a dry run': async (c) => {
    const { status, body } = await apply(c, 'a', map({ x: '1' }), '&dryRun=All');
    return [status, at(body, 'data'), pick(await c.ask('GET', c.path('configmaps', 'one')), 'status')];
  },

  'what is not valid': async (c) => pick(await apply(c, 'a', web([])), 'status', 'body.reason', 'body.message'),
});
