import { group } from '../check.ts';
import { container, onePod, pod, podSpec, service, workload } from '../objects.ts';
import { at, pick } from '../values/at.ts';

const noContainers = { metadata: { name: 'one' }, spec: podSpec([]) };

/** What the API server refuses, in whose words. */
export const validation = group('validation', {
  'a Deployment with another selector': (c) => {
    const web = workload('web', { spec: { selector: { matchLabels: { app: 'other' } } } });
    return c.ask('POST', c.path('deployments'), web);
  },

  'a Deployment without a selector': (c) =>
    c.ask('POST', c.path('deployments'), workload('web', { spec: { selector: undefined } })),

  'a Deployment that restarts never': (c) =>
    c.ask('POST', c.path('deployments'), workload('web', { podSpec: { restartPolicy: 'Never' } })),

  'a selector does not change': async (c) => {
    await c.create('deployments', workload('web', { replicas: 0 }));
    const other = { app: 'other' };
    const spec = { selector: { matchLabels: other }, template: { metadata: { labels: other } } };
    return c.tryPatch('merge', 'deployments', 'web', { spec });
  },

  'no surge and nothing unavailable': (c) => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } };
    return c.ask('POST', c.path('deployments'), workload('web', { spec: { strategy } }));
  },

  'negative replicas': (c) => c.ask('POST', c.path('deployments'), workload('web', { replicas: -1 })),

  'a Pod without containers': (c) => c.ask('POST', c.path('pods'), noContainers),

  'a container without a name and image': (c) =>
    c.ask('POST', c.path('pods'), { metadata: { name: 'one' }, spec: podSpec([{}]) }),

  'two containers of a name': (c) => c.ask('POST', c.path('pods'), pod('one', [container('true'), container('true')])),

  'a mount without its volume': (c) =>
    c.ask('POST', c.path('pods'), onePod('one', 'true', { volumeMounts: [{ name: 'none', mountPath: '/data' }] })),

  'requests over limits': (c) => {
    const resources = { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } };
    return c.ask('POST', c.path('pods'), onePod('one', 'true', { resources }));
  },

  'a quantity that is none': async (c) => {
    const answer = await c.ask(
      'POST',
      c.path('pods'),
      onePod('one', 'true', { resources: { limits: { cpu: 'much' } } }),
    );
    return pick(answer, 'status', 'body.reason');
  },

  'a port out of range': (c) =>
    c.ask('POST', c.path('pods'), onePod('one', 'true', { ports: [{ containerPort: 70000 }] })),

  'an environment variable without a name': (c) =>
    c.ask('POST', c.path('pods'), onePod('one', 'true', { env: [{ name: '', value: 'x' }] })),

  'two sources of a variable': (c) => {
    const env = [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }];
    return c.ask('POST', c.path('pods'), onePod('one', 'true', { env }));
  },

  'a probe without a handler': (c) => c.ask('POST', c.path('pods'), onePod('one', 'true', { livenessProbe: {} })),

  'a probe with two successes for liveness': (c) => {
    const livenessProbe = { exec: { command: ['true'] }, successThreshold: 2 };
    return c.ask('POST', c.path('pods'), onePod('one', 'true', { livenessProbe }));
  },

  'a pull policy and a restart policy that do not exist': async (c) => {
    const answer = await c.ask(
      'POST',
      c.path('pods'),
      pod('one', [container('true', { imagePullPolicy: 'Often' })], { restartPolicy: 'Often' }),
    );
    return pick(
      answer,
      'status',
      'body.reason',
      'body.details.causes.*.field',
      'body.details.causes.*.reason',
      'body.message',
    );
  },

  'what a Pod cannot change': async (c) => {
    await c.create('pods', pod('one', [container('true')], { nodeSelector: { none: 'here' } }));
    const spec = { containers: [{ name: 'main', command: ['false'] }] };
    const answer = await c.tryPatch('strategic', 'pods', 'one', { spec });
    const causes = 'body.details.causes.*';
    return [
      pick(answer, 'status', 'body.reason', `${causes}.field`, `${causes}.reason`),
      String(at(answer, 'body.message')).slice(0, 120),
    ];
  },

  "what a Pod can change: its container's image": async (c) => {
    await c.create('pods', pod('one', [container('true')], { nodeSelector: { none: 'here' } }));
    const changed = await c.patch('strategic', 'pods', 'one', {
      spec: { containers: [{ name: 'main', image: 'other' }] },
    });
    return at(changed, 'spec.containers.*.image');
  },

  'a service account that is not there': (c) =>
    c.ask('POST', c.path('pods'), pod('one', [container('true')], { serviceAccountName: 'none' })),

  'a Service without ports': (c) => c.ask('POST', c.path('services'), service('web', 'web', { ports: [] })),

  'two ports of a Service without names': (c) =>
    c.ask('POST', c.path('services'), service('web', 'web', { ports: [{ port: 80 }, { port: 81 }] })),

  'a Service port out of range': (c) =>
    c.ask('POST', c.path('services'), service('web', 'web', { ports: [{ port: 0 }] })),

  'a Service type that does not exist': async (c) => {
    const answer = await c.ask('POST', c.path('services'), service('web', 'web', { type: 'Nonsense' }));
    return pick(answer, 'status', 'body.reason', 'body.message');
  },

  "a Service's address does not change": async (c) => {
    await c.create('services', service('web', 'web'));
    return pick(
      await c.tryPatch('merge', 'services', 'web', { spec: { clusterIP: '10.96.200.200' } }),
      'status',
      'body.reason',
      'body.message',
    );
  },

  'an ExternalName without a name': (c) =>
    c.ask('POST', c.path('services'), { metadata: { name: 'web' }, spec: { type: 'ExternalName' } }),

  'a node port out of range': (c) => {
    const ports = [{ port: 80, nodePort: 80 }];
    return c.ask('POST', c.path('services'), service('web', 'web', { type: 'NodePort', ports }));
  },

  'a Job that restarts always': (c) =>
    c.ask('POST', c.path('jobs'), {
      metadata: { name: 'one' },
      spec: { template: { spec: podSpec([container('true')]) } },
    }),

  'what a StatefulSet cannot change': async (c) => {
    await c.create('statefulsets', workload('web', { replicas: 0, spec: { serviceName: 'web' } }));
    const answer = await c.tryPatch('merge', 'statefulsets', 'web', { spec: { serviceName: 'other' } });
    return pick(answer, 'status', 'body.reason', 'body.details.causes.*.field');
  },

  'a ConfigMap key that is not valid': (c) =>
    c.ask('POST', c.path('configmaps'), { metadata: { name: 'one' }, data: { 'a b': 'c' } }),

  'a ConfigMap key that is twice there': (c) =>
    c.ask('POST', c.path('configmaps'), { metadata: { name: 'one' }, data: { a: 'b' }, binaryData: { a: 'Yg==' } }),

  'an owner without a uid': (c) => {
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: '' }];
    return c.ask('POST', c.path('configmaps'), { metadata: { name: 'one', ownerReferences } });
  },
});
