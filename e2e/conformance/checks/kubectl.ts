import { group } from '../check.ts';
import { deployed, described, manifest, plain } from '../kubectl-output.ts';
import { configMap, container, type Fields, forever, pod, service, workload } from '../objects.ts';
import { finished, ready } from '../pods.ts';
import { at, pick } from '../values/at.ts';

/** kubectl, as people use it. */
export const kubectls = group('kubectl', {
  'get pods': async (c) => {
    await ready(c, pod('one', [container(forever)]));
    await finished(c, pod('two', [container('exit 1')], { restartPolicy: 'Never' }));
    return [
      plain(await c.kubectl('get', 'pods')),
      plain(await c.kubectl('get', 'pods', '-o', 'name')),
      plain(await c.kubectl('get', 'pods', '--show-labels')),
      plain(await c.kubectl('get', 'pods', '-o', 'wide')),
    ];
  },

  'get all': async (c) => {
    await deployed(c);
    await c.create('services', service('web', 'web', { clusterIP: 'None' }));
    return plain(await c.kubectl('get', 'all'));
  },

  'get what is not there': async (c) => [
    await c.kubectl('get', 'pods'),
    await c.kubectl('get', 'pods', 'none'),
    await c.kubectl('get', 'nonsense'),
    await c.kubectl('get', 'pods', 'none', '--ignore-not-found'),
  ],

  'get as YAML and by path': async (c) => {
    await c.create('configmaps', configMap('one'));
    return [
      await c.kubectl('get', 'configmap', 'one', '-o', 'yaml'),
      await c.kubectl('get', 'configmap', 'one', '-o', 'jsonpath={.data.key}'),
    ];
  },

  'describe pod': async (c) => {
    const env = [{ name: 'A', value: 'b' }];
    await ready(
      c,
      pod('one', [
        container(forever, { env, ports: [{ containerPort: 80 }], livenessProbe: { exec: { command: ['true'] } } }),
      ]),
    );
    return described(c, 'pod', 'one');
  },

  'describe deployment': async (c) => {
    await deployed(c);
    return described(c, 'deployment', 'web');
  },

  'describe configmap and secret': async (c) => {
    await c.create('configmaps', configMap('one'));
    await c.create('secrets', { metadata: { name: 'two' }, stringData: { word: 'x' } });
    return [await described(c, 'configmap', 'one'), await described(c, 'secret', 'two')];
  },

  'create configmap and secret': async (c) => [
    await c.kubectl('create', 'configmap', 'one', '--from-literal=a=b'),
    await c.kubectl('create', 'secret', 'generic', 'two', '--from-literal=c=d'),
    await c.kubectl('create', 'configmap', 'one'),
    at(await c.read('configmaps', 'one'), 'data'),
  ],

  'run and wait': async (c) => {
    const made = await c.kubectl('run', 'one', '--image=busybox:1.36', '--restart=Never', '--', 'true');
    const waited = await c.kubectl('wait', 'pod/one', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=30s');
    return [made, waited];
  },

  'apply: create, same, change, prune of a field': async (c) => {
    const apply = (data: Fields, more: Fields = {}) =>
      c.kubectlWith(manifest('ConfigMap', configMap('one', data, more)), 'apply', '-f', '-');
    const said = [
      await apply({ a: '1', b: '2' }, { labels: { l: 'm' } }),
      await apply({ a: '1', b: '2' }, { labels: { l: 'm' } }),
      await apply({ a: '3' }),
    ];
    return [said, pick(await c.read('configmaps', 'one'), 'data', 'metadata.labels')];
  },

  'apply: a Deployment twice': async (c) => {
    const apply = (replicas: number, env: object[]) =>
      c.kubectlWith(
        manifest('Deployment', workload('web', { replicas, containers: [container('true', { env })] })),
        'apply',
        '-f',
        '-',
      );
    const said = [
      await apply(0, [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ]),
      await apply(0, [{ name: 'B', value: '3' }]),
    ];
    return [said, at(await c.read('deployments', 'web'), 'spec.template.spec.containers.0.env')];
  },

  'apply: server-side': async (c) => {
    const apply = (value: string, ...more: string[]) =>
      c.kubectlWith(
        manifest('ConfigMap', configMap('one', { a: value })),
        'apply',
        '--server-side',
        ...more,
        '-f',
        '-',
      );
    return [
      await apply('1'),
      await apply('1'),
      await apply('2', '--field-manager=other'),
      await apply('2', '--field-manager=other', '--force-conflicts'),
      at(await c.read('configmaps', 'one'), 'data'),
    ];
  },

  diff: async (c) => {
    const input = (value: string) => manifest('ConfigMap', configMap('one', { a: value }));
    await c.kubectlWith(input('1'), 'apply', '-f', '-');
    const { code, stdout } = await c.kubectlWith(input('2'), 'diff', '-f', '-');
    return [code, stdout.split('\n').filter((line) => /^[+-] /.test(line))];
  },
});
