import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import { container, forever, node, pod, service, web, whenItAnswers, workload } from '../objects.ts';
import { output, ready } from '../pods.ts';
import { at, itemsOf, namesOf, pick } from '../values/at.ts';

const endpoints = (c: Client, name: string, is: (subsets: unknown[]) => boolean) =>
  c.untilObject('endpoints', name, (object) => is((at(object, 'subsets') as unknown[] | undefined) ?? []));

const some = (path: string, count: number) => (subsets: unknown[]) =>
  ((at(subsets[0], path) as unknown[] | undefined) ?? []).length === count;

const fetchIt = (url: string) =>
  `const go = () => fetch(${url}).then((a) => a.text()).then((t) => console.log(t)).catch(() => setTimeout(go, 200)); go()`;

/** Services, endpoints, and the way from a pod to a pod. */
export const services = group('services', {
  'an address of its own': async (c) => {
    const object = await c.create('services', service('web', 'web'));
    return [
      /^10\.96\.\d+\.\d+$/.test(String(at(object, 'spec.clusterIP'))),
      pick(object, 'spec.type', 'spec.ports', 'status'),
    ];
  },

  headless: async (c) =>
    pick(await c.create('services', service('web', 'web', { clusterIP: 'None' })), 'spec.clusterIP', 'spec.type'),

  'an address that is taken': async (c) => {
    const object = await c.create('services', service('one', 'web'));
    const answer = await c.ask(
      'POST',
      c.path('services'),
      service('two', 'web', { clusterIP: at(object, 'spec.clusterIP') }),
    );
    return pick(answer, 'status', 'body.reason', 'body.message');
  },

  'a node port': async (c) => {
    const object = await c.create('services', service('web', 'web', { type: 'NodePort' }));
    const port = Number(at(object, 'spec.ports.0.nodePort'));
    const taken = service('two', 'web', { type: 'NodePort', ports: [{ port: 80, nodePort: port }] });
    const answer = pick(
      await c.ask('POST', c.path('services'), taken),
      'status',
      'body.reason',
      'body.details.causes.0.field',
    );
    return [port >= 30000 && port <= 32767, answer];
  },

  'endpoints of ready pods': async (c) => {
    await c.create('services', service('web', 'web'));
    const empty = await c.untilObject('endpoints', 'web', () => true);
    await ready(c, pod('web', [container(forever)]));
    const full = await endpoints(c, 'web', some('addresses', 1));
    await c.remove('pods', 'web');
    const again = await endpoints(c, 'web', (subsets) => subsets.length === 0);
    return [empty, full, again].map((object) => pick(object, 'subsets', 'metadata.labels'));
  },

  'endpoints of pods that are not ready': async (c) => {
    await c.create('services', service('web', 'web'));
    await c.create('pods', pod('web', [container(forever, { readinessProbe: { exec: { command: ['false'] } } })]));
    return pick(await endpoints(c, 'web', some('notReadyAddresses', 1)), 'subsets');
  },

  'endpoints that are published before': async (c) => {
    await c.create('services', service('web', 'web', { publishNotReadyAddresses: true }));
    await c.create('pods', pod('web', [container(forever, { readinessProbe: { exec: { command: ['false'] } } })]));
    return pick(await endpoints(c, 'web', some('addresses', 1)), 'subsets');
  },

  'a port by its name': async (c) => {
    await c.create('services', service('web', 'web', { ports: [{ name: 'x', port: 80, targetPort: 'http' }] }));
    await ready(c, pod('web', [container(forever, { ports: [{ name: 'http', containerPort: 8080 }] })]));
    return at(await endpoints(c, 'web', some('addresses', 1)), 'subsets.0.ports');
  },

  'without a selector': async (c) => {
    await c.create('services', service('web', 'web', { selector: undefined }));
    const made = await c.create('endpoints', {
      metadata: { name: 'web' },
      subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }],
    });
    return pick(made, 'subsets');
  },

  'deleted with its endpoints': async (c) => {
    await c.create('services', service('web', 'web'));
    await c.untilObject('endpoints', 'web', () => true);
    const { status, body } = await c.ask('DELETE', c.path('services', 'web'));
    await c.untilGone('endpoints', 'web');
    return [status, pick(body, 'kind', 'status', 'details.kind')];
  },

  'an external name': async (c) => {
    const object = await c.create('services', {
      metadata: { name: 'web' },
      spec: { type: 'ExternalName', externalName: 'example.com' },
    });
    return [at(object, 'spec'), namesOf(await c.list('endpoints'))];
  },

  'a pod reaches a Service by its name': async (c) => {
    await c.create('services', service('web', 'web'));
    await ready(c, pod('web', [web('hello', whenItAnswers)]));
    const client = {
      name: 'main',
      image: node,
      env: [{ name: 'URL', value: 'http://web:80/' }],
      command: ['node', '-e', fetchIt('process.env.URL')],
    };
    return output(c, pod('client', [client], { restartPolicy: 'Never' }));
  },

  'a pod reaches itself': async (c) => {
    const script = `require('http').createServer((q, a) => a.end('me')).listen(8080, () => { ${fetchIt("'http://127.0.0.1:8080/'").replace('console.log(t)', '{ console.log(t); process.exit(0) }')} })`;
    return output(
      c,
      pod('one', [{ name: 'main', image: node, command: ['node', '-e', script] }], { restartPolicy: 'Never' }),
    );
  },

  'two pods on one port': async (c) => {
    for (const name of ['one', 'two']) await ready(c, pod(name, [web(name, whenItAnswers)]));
    const answer = (name: string) => c.ask('GET', `${c.path('pods', `${name}:8080`)}/proxy/`);
    return [await answer('one'), await answer('two')];
  },

  'through the API server': async (c) => {
    await c.create('services', service('web', 'web', { ports: [{ name: 'http', port: 80, targetPort: 8080 }] }));
    await ready(c, pod('web', [web('hello', whenItAnswers)]));
    await endpoints(c, 'web', some('addresses', 1));
    return [
      await c.ask('GET', `${c.path('services', 'web:http')}/proxy/path?x=y`),
      await c.ask('GET', `${c.path('services', 'web:80')}/proxy/`),
    ];
  },

  'through the API server to nobody': async (c) => {
    await c.create('services', service('web', 'web'));
    await c.untilObject('endpoints', 'web', () => true);
    return c.ask('GET', `${c.path('services', 'web:80')}/proxy/`);
  },

  'variables of Services': async (c) => {
    await c.create('services', service('my-web', 'web'));
    return output(
      c,
      pod(
        'one',
        [container('echo "$MY_WEB_SERVICE_PORT $(echo "$MY_WEB_SERVICE_HOST" | grep -c .) $MY_WEB_PORT_80_TCP_PROTO"')],
        { restartPolicy: 'Never' },
      ),
    );
  },

  'endpoints follow a Deployment': async (c) => {
    await c.create('services', service('web', 'web'));
    await c.create('deployments', workload('web', { replicas: 2 }));
    const two = await endpoints(c, 'web', some('addresses', 2));
    await c.patch('merge', 'deployments', 'web', { spec: { replicas: 1 } });
    await endpoints(c, 'web', some('addresses', 1));
    return [itemsOf({ items: at(two, 'subsets') }).length, at(two, 'subsets.0.addresses.*.targetRef.kind')];
  },
});
