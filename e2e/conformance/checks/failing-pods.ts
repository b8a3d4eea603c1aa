import { group } from '../check.ts';
import { configMap, container, forever, onePod, pod } from '../objects.ts';
import { conditionsOf, eventsOf, finished, isReady, logOf, statusOf, waiting } from '../pods.ts';
import { at, pick } from '../values/at.ts';

const ended = 'status.containerStatuses.0.state.terminated';
const last = 'status.containerStatuses.0.lastState.terminated';
const waits = 'status.containerStatuses.0.state.waiting';

/** Pods that do not come up, or not to a good end. */
export const failingPods = group('failing pods', {
  'a crash loop': async (c) => {
    const object = await waiting(c, pod('one', [container('exit 5')]), 'CrashLoopBackOff');
    const state = pick(
      object,
      'status.phase',
      waits,
      `${last}.exitCode`,
      `${last}.reason`,
      'status.containerStatuses.0.ready',
    );
    return [{ ...state, conditions: conditionsOf(object) }, await eventsOf(c, 'Pod', 'one', 'BackOff')];
  },

  'an image that is not there': async (c) => {
    const object = await waiting(
      c,
      pod('one', [container('true', { image: 'devloop-none:1', imagePullPolicy: 'Never' })]),
      'ErrImageNeverPull',
    );
    return [
      pick(object, 'status.phase', waits),
      conditionsOf(object),
      await eventsOf(c, 'Pod', 'one', 'ErrImageNeverPull'),
    ];
  },

  'an image that cannot be pulled': async (c) => {
    const object = await waiting(
      c,
      pod('one', [container('true', { image: 'localhost:1/none:1' })]),
      'ImagePullBackOff',
    );
    const events = await eventsOf(c, 'Pod', 'one', 'BackOff');
    const first = (text: string) => text.replace(/(Failed to pull image "[^"]*").*/, '$1');
    return [pick(object, 'status.phase', waits), conditionsOf(object), [...new Set(events.map(first))].sort()];
  },

  'an image name that is not valid': async (c) => {
    const object = await waiting(c, pod('one', [container('true', { image: 'Not Valid' })]), 'InvalidImageName');
    return [pick(object, waits), await eventsOf(c, 'Pod', 'one', 'InspectFailed', 'Failed')];
  },

  'a ConfigMap that is not there': async (c) => {
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'none', key: 'key' } } }];
    const object = await waiting(c, pod('one', [container('true', { env })]), 'CreateContainerConfigError');
    return [pick(object, 'status.phase', waits), conditionsOf(object), await eventsOf(c, 'Pod', 'one', 'Failed')];
  },

  'a Secret that is not there': async (c) => {
    const object = await waiting(
      c,
      pod('one', [container('true', { envFrom: [{ secretRef: { name: 'none' } }] })]),
      'CreateContainerConfigError',
    );
    return pick(object, 'status.phase', waits);
  },

  'a key that is not there': async (c) => {
    await c.create('configmaps', configMap('m'));
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'm', key: 'none' } } }];
    return pick(await waiting(c, pod('one', [container('true', { env })]), 'CreateContainerConfigError'), waits);
  },

  'a Secret that comes later': async (c) => {
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'word' } } }];
    await waiting(
      c,
      pod('one', [container('echo "$A"', { env })], { restartPolicy: 'Never' }),
      'CreateContainerConfigError',
    );
    await c.create('secrets', { metadata: { name: 's' }, stringData: { word: 'late' } });
    await c.untilObject('pods', 'one', (object) => at(object, 'status.phase') === 'Succeeded');
    return logOf(c, 'one');
  },

  'a program that is not there': async (c) => {
    const object = await finished(
      c,
      pod('one', [{ ...container(''), command: ['/no/such/program'] }], { restartPolicy: 'Never' }),
    );
    const events = await eventsOf(c, 'Pod', 'one', 'Failed');
    return [
      pick(object, 'status.phase', `${ended}.exitCode`, `${ended}.reason`),
      events.map((text) => text.slice(0, 60)),
    ];
  },

  'killed by a signal': async (c) =>
    pick(
      await finished(c, onePod('one', "sh -c 'kill -9 $$$$'; exit $?")),
      `${ended}.exitCode`,
      `${ended}.reason`,
      `${ended}.signal`,
    ),

  'a termination message': async (c) => {
    const object = await finished(
      c,
      onePod('one', 'echo why >&2; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' }),
    );
    return pick(object, `${ended}.message`);
  },

  'no node for it': async (c) => {
    await c.create('pods', pod('one', [container('true')], { nodeSelector: { none: 'here' } }));
    const object = await c.untilObject('pods', 'one', (one) => 'PodScheduled' in conditionsOf(one));
    return [statusOf(object), await eventsOf(c, 'Pod', 'one', 'FailedScheduling')];
  },

  'too much memory': async (c) => {
    await c.create('pods', pod('one', [container('true', { resources: { requests: { memory: '4Ti' } } })]));
    return eventsOf(c, 'Pod', 'one', 'FailedScheduling');
  },

  'a readiness gate of the pod': async (c) => {
    await c.create(
      'pods',
      pod('one', [container(forever)], { readinessGates: [{ conditionType: 'example.com/Gate' }] }),
    );
    const before = await c.untilObject('pods', 'one', (one) => conditionsOf(one)['ContainersReady'] === 'True');
    await c.patch('strategic', 'pods', 'one/status', {
      status: { conditions: [{ type: 'example.com/Gate', status: 'True' }] },
    });
    return [conditionsOf(before), conditionsOf(await c.untilObject('pods', 'one', isReady))];
  },
});
