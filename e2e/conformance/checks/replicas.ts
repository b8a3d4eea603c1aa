import { group } from '../check.ts';
import { container, forever, service, web, whenItAnswers, workload } from '../objects.ts';
import { eventsOf } from '../pods.ts';
import { at } from '../values/at.ts';
import { counts, env, extremes, running, settled } from '../workloads.ts';

/** Readiness in Deployments; ReplicaSets and DaemonSets. */
export const replicas = group('replicas', {
  minReadySeconds: async (c) => {
    await c.create('deployments', workload('web', { spec: { minReadySeconds: 2 } }));
    const before = await settled(c, 'deployments', 'web', { readyReplicas: 1 });
    return [counts(before), counts(await running(c, 1))];
  },

  'a rollout waits for readiness': async (c) => {
    const containers = [web('one', whenItAnswers)];
    await c.create('deployments', workload('web', { containers }));
    await c.create('services', service('web', 'web'));
    await running(c, 1);
    return extremes(c, async () => {
      await c.patch('strategic', 'deployments', 'web', env('2'));
      await running(c, 1);
    }).then(({ most }) => most);
  },

  'a ReplicaSet by itself': async (c) => {
    await c.create('replicasets', workload('web', { replicas: 2 }));
    const object = await settled(c, 'replicasets', 'web', { readyReplicas: 2, availableReplicas: 2 });
    return [counts(object), await eventsOf(c, 'ReplicaSet', 'web', 'SuccessfulCreate')];
  },

  'a ReplicaSet adopts a pod': async (c) => {
    await c.create('pods', {
      metadata: { name: 'mine', labels: { app: 'web' } },
      spec: { terminationGracePeriodSeconds: 1, containers: [container(forever)] },
    });
    await c.create('replicasets', workload('web', { replicas: 1 }));
    await settled(c, 'replicasets', 'web', { replicas: 1 });
    const pod = await c.untilObject('pods', 'mine', (one) => at(one, 'metadata.ownerReferences') !== undefined);
    await c.patch('merge', 'pods', 'mine', { metadata: { labels: { app: 'other' } } });
    const left = await c.untilObject('pods', 'mine', (one) => at(one, 'metadata.ownerReferences') === undefined);
    return [at(pod, 'metadata.ownerReferences.*.name'), at(left, 'metadata.labels')];
  },

  'a DaemonSet': async (c) => {
    const { metadata, spec } = workload('web') as { metadata: object; spec: Record<string, unknown> };
    const { replicas: _replicas, ...rest } = spec;
    await c.create('daemonsets', { metadata, spec: rest });
    const object = await settled(c, 'daemonsets', 'web', { numberReady: 1, numberAvailable: 1 });
    return [counts(object), await eventsOf(c, 'DaemonSet', 'web', 'SuccessfulCreate')];
  },
});
