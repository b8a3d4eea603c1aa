import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import { configMap, workload } from '../objects.ts';
import { impatient } from '../pods.ts';
import { at, itemsOf, nameOf, pick, uidOf } from '../values/at.ts';

async function deployed(c: Client) {
  await c.create('deployments', workload('web'));
  return c.untilObject('deployments', 'web', (one) => at(one, 'status.readyReplicas') === 1);
}

const owned = (name: string, owner: unknown, more: object = {}) =>
  configMap(
    name,
    {},
    { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: nameOf(owner), uid: uidOf(owner), ...more }] },
  );

/** The collector sees ConfigMaps in order: once it has removed this one, it knows those from before. */
async function collectorIsUpToDate(c: Client) {
  await c.create(
    'configmaps',
    owned('last', { metadata: { name: 'none', uid: '00000000-0000-4000-8000-000000000000' } }),
  );
  await c.untilGone('configmaps', 'last');
}

const answer = ({ status, body }: { status: number; body: unknown }) => [
  status,
  pick(body, 'kind', 'status', 'details', 'metadata.finalizers', 'metadata.deletionTimestamp'),
];

/** Garbage collection and the three propagation policies. */
export const ownership = group('ownership', {
  background: async (c) => {
    await deployed(c);
    const said = answer(await c.ask('DELETE', c.path('deployments', 'web'), { propagationPolicy: 'Background' }));
    await impatient(c, () => c.until('pods', '', (pods) => pods.length === 0 || undefined));
    return [said, itemsOf(await c.list('replicasets')).length];
  },

  'nothing said': async (c) => {
    await deployed(c);
    const said = answer(await c.ask('DELETE', c.path('deployments', 'web')));
    await impatient(c, () => c.until('pods', '', (pods) => pods.length === 0 || undefined));
    return said;
  },

  foreground: async (c) => {
    await deployed(c);
    const said = answer(await c.ask('DELETE', c.path('deployments', 'web'), { propagationPolicy: 'Foreground' }));
    await c.untilGone('deployments', 'web');
    return [said, itemsOf(await c.list('pods')).length, itemsOf(await c.list('replicasets')).length];
  },

  orphan: async (c) => {
    await deployed(c);
    const said = answer(await c.ask('DELETE', c.path('deployments', 'web'), { propagationPolicy: 'Orphan' }));
    await c.untilGone('deployments', 'web');
    return [
      said,
      at(await c.list('replicasets'), 'items.*.metadata.ownerReferences'),
      itemsOf(await c.list('pods')).length,
    ];
  },

  'a policy that does not exist': async (c) => {
    await c.create('configmaps', configMap('one'));
    return pick(
      await c.ask('DELETE', c.path('configmaps', 'one'), { propagationPolicy: 'Sideways' }),
      'status',
      'body.reason',
    );
  },

  'what an owner owned goes with it': async (c) => {
    const owner = await c.create('configmaps', configMap('owner'));
    const child = await c.create('configmaps', owned('child', owner));
    await c.create('configmaps', owned('grandchild', child));
    await c.remove('configmaps', 'owner');
    await c.untilGone('configmaps', 'grandchild');
    return pick(await c.ask('GET', c.path('configmaps', 'child')), 'status');
  },

  'one of two owners stays': async (c) => {
    const [one, two] = [await c.create('configmaps', configMap('one')), await c.create('configmaps', configMap('two'))];
    const reference = (owner: unknown) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: nameOf(owner),
      uid: uidOf(owner),
    });
    await c.create('configmaps', configMap('child', {}, { ownerReferences: [reference(one), reference(two)] }));
    await c.remove('configmaps', 'one');
    const child = await c.untilObject(
      'configmaps',
      'child',
      (object) => (at(object, 'metadata.ownerReferences') as unknown[]).length === 1,
    );
    return at(child, 'metadata.ownerReferences.*.name');
  },

  'an owner that was never there': async (c) => {
    await c.create(
      'configmaps',
      configMap(
        'child',
        {},
        {
          ownerReferences: [
            { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: '00000000-0000-4000-8000-000000000000' },
          ],
        },
      ),
    );
    return c.untilGone('configmaps', 'child');
  },

  'foreground waits for those that block': async (c) => {
    const owner = await c.create('configmaps', configMap('owner'));
    const child = owned('child', owner, { blockOwnerDeletion: true });
    await c.create('configmaps', {
      ...child,
      metadata: { ...(at(child, 'metadata') as object), finalizers: ['example.com/hold'] },
    });
    await collectorIsUpToDate(c);
    await c.ask('DELETE', c.path('configmaps', 'owner'), { propagationPolicy: 'Foreground' });
    await c.untilObject('configmaps', 'child', (object) => at(object, 'metadata.deletionTimestamp') !== undefined);
    const held = await c.ask('GET', c.path('configmaps', 'owner'));
    await c.patch('merge', 'configmaps', 'child', { metadata: { finalizers: null } });
    await c.untilGone('configmaps', 'owner');
    return pick(held, 'status', 'body.metadata.finalizers', 'body.metadata.deletionTimestamp');
  },

  'a namespace takes all with it': async (c) => {
    const name = `${c.namespace}-x`;
    const path = `/api/v1/namespaces/${name}`;
    const made = await c.ask('POST', '/api/v1/namespaces', { metadata: { name } });
    await c.ask('POST', `${path}/configmaps`, configMap('one', {}, { finalizers: ['example.com/hold'] }));
    const removed = await c.ask('DELETE', path);
    const refused = await c.ask('POST', `${path}/configmaps`, configMap('two'));
    const patch = { method: 'PATCH', path: `${path}/configmaps/one`, body: { metadata: { finalizers: null } } };
    await c.connection.ask({ ...patch, headers: { 'content-type': 'application/merge-patch+json' } });
    await c.tools.kubectl('default', ['wait', '--for=delete', `namespace/${name}`, '--timeout=60s']);
    const paths = ['status', 'body.status', 'body.spec', 'body.reason', 'body.message', 'body.details'];
    return [
      pick(made, ...paths),
      pick(removed, ...paths),
      pick(refused, ...paths),
      pick(await c.ask('GET', path), ...paths),
    ];
  },
});
