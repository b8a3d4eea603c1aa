import { group } from '../check.ts';
import { deployed, manifest, plain } from '../kubectl-output.ts';
import { configMap, container, forever, pod, workload } from '../objects.ts';
import { ready } from '../pods.ts';
import { itemsOf, pick } from '../values/at.ts';

/** kubectl, as people change things with it. */
export const kubectlChanges = group('kubectl changes', {
  'label and annotate': async (c) => {
    await c.create('configmaps', configMap('one'));
    const said = [
      await c.kubectl('label', 'configmap', 'one', 'a=b'),
      await c.kubectl('label', 'configmap', 'one', 'a=c'),
      await c.kubectl('label', 'configmap', 'one', 'a=c', '--overwrite'),
      await c.kubectl('label', 'configmap', 'one', 'a-'),
      await c.kubectl('annotate', 'configmap', 'one', 'x=y'),
    ];
    return [said, pick(await c.read('configmaps', 'one'), 'metadata.labels', 'metadata.annotations')];
  },

  patch: async (c) => {
    await c.create('configmaps', configMap('one'));
    const patch = (...args: string[]) => c.kubectl('patch', 'configmap', 'one', ...args);
    return [
      await patch('-p', '{"data":{"a":"b"}}'),
      await patch('-p', '{"data":{"a":"b"}}'),
      await patch('--type=json', '-p', '[{"op":"remove","path":"/data/a"}]'),
      await patch('--type=merge', '-p', '{"data":5}').then(({ code }) => code),
    ];
  },

  'rollout status and history': async (c) => {
    const first = await deployed(c);
    const change = await c.kubectl('set', 'env', 'deployment/web', 'A=b');
    const status = await c.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    const history = await c.kubectl('rollout', 'history', 'deployment/web');
    return [first.code, change, [status.code, status.stdout.trim().split('\n').at(-1)], plain(history)];
  },

  'rollout restart': async (c) => {
    await deployed(c);
    const said = await c.kubectl('rollout', 'restart', 'deployment/web');
    await c.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    return [
      said,
      itemsOf(await c.list('replicasets')).length,
      pick(await c.kubectl('rollout', 'undo', 'deployment/web', '--to-revision=9'), 'code', 'stderr'),
    ];
  },

  'rollout status of one that does not come': async (c) => {
    await c.create(
      'deployments',
      workload('web', {
        containers: [container('true', { image: 'devloop-none:1', imagePullPolicy: 'Never' })],
        spec: { progressDeadlineSeconds: 2 },
      }),
    );
    const { code, stderr } = await c.kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    return [code, stderr];
  },

  scale: async (c) => {
    await c.create('deployments', workload('web', { replicas: 0 }));
    return [
      await c.kubectl('scale', 'deployment/web', '--replicas=1'),
      await c.kubectl('scale', 'deployment/web', '--replicas=2', '--current-replicas=5'),
      await c.kubectl('scale', 'deployment/none', '--replicas=1'),
    ];
  },

  expose: async (c) => {
    await c.create('deployments', workload('web', { replicas: 0 }));
    return [
      await c.kubectl('expose', 'deployment', 'web', '--port=80', '--target-port=8080'),
      pick(await c.read('services', 'web'), 'spec.selector', 'spec.ports'),
    ];
  },

  wait: async (c) => {
    await c.create('deployments', workload('web'));
    return [
      await c.kubectl('wait', '--for=condition=Available', 'deployment/web', '--timeout=60s'),
      await c.kubectl('wait', '--for=condition=Available', 'deployment/none', '--timeout=1s'),
      pick(await c.kubectl('wait', '--for=delete', 'deployment/web', '--timeout=1s'), 'code'),
    ];
  },

  delete: async (c) => {
    for (const name of ['a', 'b', 'c']) await c.create('configmaps', configMap(name, {}, { labels: { mine: name } }));
    return [
      await c.kubectl('delete', 'configmap', 'a'),
      await c.kubectl('delete', 'configmap', '-l', 'mine in (b,c)'),
      await c.kubectl('delete', 'configmap', 'a'),
      await c.kubectl('delete', 'configmap', 'a', '--ignore-not-found'),
    ];
  },

  'delete --cascade=orphan': async (c) => {
    await deployed(c);
    return [await c.kubectl('delete', 'deployment', 'web', '--cascade=orphan'), itemsOf(await c.list('pods')).length];
  },

  events: async (c) => {
    await ready(c, pod('one', [container(forever)]));
    const { code, stdout } = plain(
      await c.kubectl(
        'get',
        'events',
        '-o',
        'custom-columns=TYPE:.type,REASON:.reason,OBJECT:.involvedObject.name,MESSAGE:.message',
      ),
    );
    return [code, stdout.split('\n').sort()];
  },

  'auth can-i': async (c) => c.kubectl('auth', 'can-i', 'create', 'deployments'),

  'an object that is not valid': async (c) =>
    c.kubectlWith(manifest('Deployment', workload('web', { replicas: -1 })), 'create', '-f', '-'),

  'a field that is not known': async (c) => {
    const { code } = await c.kubectlWith(
      manifest('ConfigMap', { ...configMap('one'), nonsense: 1 }),
      'create',
      '-f',
      '-',
    );
    return code;
  },
});
