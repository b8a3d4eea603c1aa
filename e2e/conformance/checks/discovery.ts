import { group } from '../check.ts';
import { at, pick } from '../values/at.ts';

const resources = [
  'pods',
  'services',
  'configmaps',
  'secrets',
  'endpoints',
  'events',
  'namespaces',
  'persistentvolumeclaims',
  'serviceaccounts',
  'nodes',
  'pods/log',
  'pods/exec',
  'pods/portforward',
  'pods/status',
  'deployments',
  'deployments/scale',
  'deployments/status',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
];

const known = (body: unknown) =>
  ((at(body, 'resources') as unknown[] | undefined) ?? [])
    .filter((resource) => resources.includes(String(at(resource, 'name'))))
    .map((resource) =>
      pick(resource, 'name', 'namespaced', 'kind', 'group', 'version', 'verbs', 'shortNames', 'categories'),
    )
    .map((resource) => ({ ...resource, verbs: [...(resource['verbs'] as string[])].sort() }))
    .sort((one, other) => String(at(one, 'name')).localeCompare(String(at(other, 'name'))));

/** What clients ask before they ask for objects. */
export const discovery = group('discovery', {
  'resources of v1': async (c) => known((await c.ask('GET', '/api/v1')).body),
  'resources of apps/v1': async (c) => known((await c.ask('GET', '/apis/apps/v1')).body),
  'resources of batch/v1': async (c) => known((await c.ask('GET', '/apis/batch/v1')).body),
  'the core versions': async (c) => pick(await c.ask('GET', '/api'), 'status', 'body.kind', 'body.versions'),

  'a group': async (c) => pick(await c.ask('GET', '/apis/apps'), 'status', 'body'),

  health: async (c) => [await c.ask('GET', '/healthz'), await c.ask('GET', '/readyz'), await c.ask('GET', '/livez')],

  'a wrong token': async (c) =>
    c.ask('GET', '/api/v1/namespaces', undefined, { anonymous: true, headers: { authorization: 'Bearer wrong' } }),

  'a path that is not served': async (c) => pick(await c.ask('GET', '/nonsense'), 'status'),

  'kubectl api-resources of apps': (c) => c.kubectl('api-resources', '--api-group', 'apps'),

  'kubectl explain': async (c) => pick(await c.kubectl('explain', 'configmap.immutable'), 'code'),
});
