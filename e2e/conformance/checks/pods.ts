import { group } from '../check.ts';
import { configMap, container, forever, node, onePod, pod } from '../objects.ts';
import { conditionsOf, eventsOf, finished, logOf, output, ready, statusOf } from '../pods.ts';
import { at, pick } from '../values/at.ts';

const last = 'status.containerStatuses.0.lastState.terminated';
const ended = 'status.containerStatuses.0.state.terminated';

/** Containers: what they are given and how they begin and end. */
export const pods = group('pods', {
  'one that runs': async (c) => {
    const object = await ready(c, pod('one', [container(forever)]));
    return [
      statusOf(object),
      pick(
        object,
        'spec.nodeName',
        'status.hostIP',
        'status.containerStatuses.0.image',
        'status.containerStatuses.0.name',
      ),
    ];
  },

  'one that ends': async (c) => statusOf(await finished(c, onePod('one', 'exit 0'))),

  'one that fails': async (c) => statusOf(await finished(c, onePod('one', 'exit 7'))),

  'events of one that runs': async (c) => {
    await ready(c, pod('one', [container(forever)]));
    return eventsOf(c, 'Pod', 'one', 'Started');
  },

  'env, and references in it': async (c) => {
    const env = [{ name: 'A', value: 'a b' }, { name: 'B', value: '$(A)-$(NONE)-$$(A)' }, { name: 'EMPTY' }];
    return output(c, onePod('one', 'echo "$A|$B|$EMPTY|"; env | grep -c "^EMPTY="', { env }));
  },

  'env of a ConfigMap and a Secret': async (c) => {
    await c.create('configmaps', configMap('m', { key: 'of the map', 'not-a-name': 'x', other: 'y' }));
    await c.create('secrets', { metadata: { name: 's' }, stringData: { word: 'of the secret' } });
    const env = [
      { name: 'MAP', valueFrom: { configMapKeyRef: { name: 'm', key: 'key' } } },
      { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'word' } } },
      { name: 'OPTIONAL', valueFrom: { configMapKeyRef: { name: 'none', key: 'key', optional: true } } },
    ];
    const envFrom = [{ configMapRef: { name: 'm' } }, { secretRef: { name: 's' }, prefix: 'P_' }];
    return output(
      c,
      onePod('one', 'echo "$MAP|$SECRET|$(env | grep -c "^OPTIONAL=")|$key|$P_word|$other"', { env, envFrom }),
    );
  },

  'env of the pod itself': async (c) => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const env = [
      field('NAME', 'metadata.name'),
      field('SPACE', 'metadata.namespace'),
      field('LABEL', "metadata.labels['app']"),
      field('NODE', 'spec.nodeName'),
      field('ACCOUNT', 'spec.serviceAccountName'),
      field('IP', 'status.podIP'),
    ];
    return output(c, onePod('one', 'echo "$NAME $SPACE $LABEL $NODE $ACCOUNT $(echo "$IP" | grep -c .)"', { env }));
  },

  'env of resources': async (c) => {
    const of = (name: string, resource: string, divisor?: string) => ({
      name,
      valueFrom: { resourceFieldRef: { resource, divisor } },
    });
    const env = [of('CPU', 'limits.cpu'), of('MEMORY', 'limits.memory', '1Mi'), of('REQUEST', 'requests.memory')];
    const resources = { limits: { cpu: '500m', memory: '64Mi' }, requests: { cpu: '1m', memory: '1Mi' } };
    return output(c, onePod('one', 'echo "$CPU $MEMORY $REQUEST"', { env, resources }));
  },

  arguments: async (c) => {
    const main = {
      ...container(''),
      command: ['sh', '-c', 'for a in "$0" "$@"; do echo "<$a>"; done'],
      args: ['a b', '$(WORD)', '$$x', ''],
      env: [{ name: 'WORD', value: 'w' }],
    };
    return output(c, pod('one', [main], { restartPolicy: 'Never' }));
  },

  'a working directory': async (c) => {
    const more = { workingDir: '/data/inner', volumeMounts: [{ name: 'v', mountPath: '/data/inner' }] };
    const object = pod('one', [container('echo x >here; ls; [ "$(pwd)" = "$PWD" ] && echo same', more)], {
      restartPolicy: 'Never',
      volumes: [{ name: 'v', emptyDir: {} }],
    });
    return output(c, object);
  },

  'node runs': async (c) =>
    output(
      c,
      onePod('one', '', {
        image: node,
        command: ['node', '-e', 'console.log(process.argv.slice(1), typeof process.pid)', 'x'],
      }),
    ),

  'the host name': async (c) => output(c, onePod('one', 'echo "$HOSTNAME"')),

  'init containers': async (c) => {
    const mount = { volumeMounts: [{ name: 'v', mountPath: '/shared' }] };
    const initContainers = [
      container('echo one >>/shared/log', { ...mount, name: 'first' }),
      container('echo two >>/shared/log', { ...mount, name: 'second' }),
    ];
    const object = pod('one', [container('cat /shared/log', mount)], {
      restartPolicy: 'Never',
      initContainers,
      volumes: [{ name: 'v', emptyDir: {} }],
    });
    const done = await finished(c, object);
    const of = 'status.initContainerStatuses.*';
    return [
      await logOf(c, 'one'),
      conditionsOf(done),
      pick(done, `${of}.name`, `${of}.ready`, `${of}.state.terminated.reason`),
    ];
  },

  'an init container that fails': async (c) => {
    const initContainers = [container('exit 3', { name: 'first' })];
    const object = await finished(c, pod('one', [container('true')], { restartPolicy: 'Never', initContainers }));
    const of = 'status.initContainerStatuses.0.state.terminated';
    return [statusOf(object), pick(object, `${of}.exitCode`, `${of}.reason`)];
  },

  'two containers, one of which fails': async (c) => {
    const object = await finished(
      c,
      pod('one', [container('exit 0'), container('exit 4', { name: 'side' })], { restartPolicy: 'Never' }),
    );
    return [
      pick(object, 'status.phase'),
      (at(object, 'status.containerStatuses') as unknown[]).map((one) =>
        pick(one, 'name', 'state.terminated.exitCode', 'state.terminated.reason'),
      ),
    ];
  },

  'restart policy OnFailure': async (c) => {
    const script = '[ -e /shared/been ] && exit 0; touch /shared/been; exit 1';
    const main = container(script, { volumeMounts: [{ name: 'v', mountPath: '/shared' }] });
    const object = await finished(
      c,
      pod('one', [main], { restartPolicy: 'OnFailure', volumes: [{ name: 'v', emptyDir: {} }] }),
    );
    return [
      pick(object, 'status.phase', 'status.containerStatuses.0.restartCount'),
      pick(at(object, last), 'exitCode', 'reason'),
      pick(at(object, ended), 'exitCode', 'reason'),
    ];
  },
});
