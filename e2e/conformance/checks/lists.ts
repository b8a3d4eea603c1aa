import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import { configMap, container, onePod, pod } from '../objects.ts';
import { at, itemsOf, namesOf, pick } from '../values/at.ts';

async function maps(c: Client) {
  const labels = {
    a: { tier: 'front', env: 'dev' },
    b: { tier: 'back', env: 'dev' },
    c: { tier: 'back', env: 'prod' },
    d: { other: 'x' },
  };
  for (const [name, of] of Object.entries(labels))
    await c.create('configmaps', configMap(name, {}, { labels: { ...of, mine: 'yes' } }));
}

const select = (selector: string) => async (c: Client) => {
  await maps(c);
  return namesOf(await c.list('configmaps', `labelSelector=${encodeURIComponent(`mine,${selector}`)}`));
};

/** Lists: selectors, pages, forms. */
export const lists = group('lists', {
  'label =': select('tier=back'),
  'label ==': select('tier==back'),
  'label !=': select('tier!=back'),
  'label in': select('tier in (back, other)'),
  'label notin': select('tier notin (back)'),
  'label exists': select('tier'),
  'label does not exist': select('!tier'),
  'labels all of': select('tier=back,env in (prod),!other'),

  'a label selector that is not valid': async (c) => [
    await c.ask('GET', `${c.path('configmaps')}?labelSelector=${encodeURIComponent('a in b')}`),
    pick(
      await c.ask('GET', `${c.path('configmaps')}?labelSelector=${encodeURIComponent('a=b=c')}`),
      'status',
      'body.reason',
    ),
  ],

  'field metadata.name': async (c) => {
    await maps(c);
    const not = await c.list('configmaps', 'labelSelector=mine&fieldSelector=metadata.name!=b');
    return [namesOf(await c.list('configmaps', 'fieldSelector=metadata.name=b')), namesOf(not)];
  },

  'a field that is not served': async (c) => [
    await c.ask('GET', `${c.path('configmaps')}?fieldSelector=data.key=x`),
    await c.ask('GET', `${c.path('pods')}?fieldSelector=spec.image=x`),
  ],

  'fields of pods': async (c) => {
    const nowhere = { nodeSelector: { none: 'here' } };
    await c.create('pods', pod('one', [container('true')], nowhere));
    await c.create('pods', pod('two', [container('true')], { ...nowhere, restartPolicy: 'Never' }));
    const by = async (selector: string) => namesOf(await c.list('pods', `fieldSelector=${selector}`));
    return [
      await by('status.phase=Pending'),
      await by('status.phase=Running'),
      await by('spec.nodeName='),
      await by('spec.restartPolicy=Never'),
    ];
  },

  'the type of Secrets': async (c) => {
    await c.create('secrets', { metadata: { name: 'one' }, type: 'example.com/x' });
    return namesOf(await c.list('secrets', 'fieldSelector=type=example.com/x'));
  },

  pages: async (c) => {
    await maps(c);
    const one = await c.list('configmaps', 'labelSelector=mine&limit=3');
    const token = encodeURIComponent(String(at(one, 'metadata.continue')));
    const two = await c.list('configmaps', `labelSelector=mine&limit=3&continue=${token}`);
    return [namesOf(one), namesOf(two), at(two, 'metadata.continue')];
  },

  'the rest of pages is counted': async (c) => {
    for (const name of ['a', 'b', 'c'])
      await c.create('secrets', { metadata: { name: `x-${name}` }, type: 'example.com/x' });
    const one = await c.list('services', 'limit=1');
    return at(one, 'metadata.remainingItemCount');
  },

  'a continue token that is none': async (c) =>
    pick(await c.ask('GET', `${c.path('configmaps')}?limit=1&continue=x`), 'status', 'body.reason'),

  'an empty list': async (c) => pick(await c.list('services'), 'kind', 'apiVersion', 'items'),

  'items have no kind': async (c) => {
    await maps(c);
    const list = await c.list('configmaps', 'labelSelector=mine&resourceVersion=0');
    return [pick(list, 'kind', 'apiVersion'), itemsOf(list).map((item) => pick(item, 'kind', 'apiVersion'))];
  },

  'all namespaces': async (c) => {
    await maps(c);
    const { body } = await c.ask(
      'GET',
      `/api/v1/configmaps?fieldSelector=metadata.namespace=${c.namespace}&labelSelector=mine`,
    );
    return namesOf(body);
  },

  'metadata only': async (c) => {
    await c.create('configmaps', configMap('one', { key: 'value' }, { labels: { mine: 'yes' } }));
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const { status, body } = await c.ask('GET', `${c.path('configmaps')}?labelSelector=mine`, undefined, {
      headers: { accept },
    });
    return [
      status,
      pick(body, 'kind', 'apiVersion', 'items.0.kind', 'items.0.apiVersion', 'items.0.data', 'items.0.metadata.labels'),
    ];
  },

  'as a table': async (c) => {
    await c.create('pods', onePod('one', 'true', { image: 'none.invalid/none' }));
    const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
    const { status, body } = await c.ask('GET', `${c.path('services')}`, undefined, { headers: { accept } });
    const columns = 'columnDefinitions.*';
    return [
      status,
      pick(
        body,
        'kind',
        'apiVersion',
        `${columns}.name`,
        `${columns}.type`,
        `${columns}.format`,
        `${columns}.priority`,
        'rows',
      ),
    ];
  },

  'columns of tables': async (c) => {
    const columns = async (resource: string) => {
      const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
      const { body } = await c.ask('GET', c.path(resource), undefined, { headers: { accept } });
      return at(body, 'columnDefinitions.*.name');
    };
    const resources = [
      'pods',
      'deployments',
      'replicasets',
      'statefulsets',
      'daemonsets',
      'jobs',
      'services',
      'configmaps',
      'secrets',
      'endpoints',
      'events',
      'persistentvolumeclaims',
      'serviceaccounts',
      'ingresses',
    ];
    return Object.fromEntries(
      await Promise.all(resources.map(async (resource) => [resource, await columns(resource)])),
    );
  },
});
