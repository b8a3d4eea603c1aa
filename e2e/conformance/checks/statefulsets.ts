import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import { container, type Fields, forever, workload } from '../objects.ts';
import { eventsOf, impatient, logOf } from '../pods.ts';
import { at, itemsOf, nameOf, namesOf, pick } from '../values/at.ts';
import { settled } from '../workloads.ts';

const set = (replicas: number, spec: object = {}, more: Fields = {}) =>
  workload('db', { replicas, containers: [container(forever, more)], spec: { serviceName: 'db', ...spec } });

const running = (c: Client, replicas: number) =>
  settled(c, 'statefulsets', 'db', { replicas, readyReplicas: replicas, currentReplicas: replicas });

/** What was made and removed of the pods while something was done, in order. */
async function order(c: Client, act: () => Promise<unknown>, last: string) {
  const watch = await c.watch('pods', `resourceVersion=${at(await c.list('pods'), 'metadata.resourceVersion')}`);
  await impatient(c, async () => {
    await act();
    await watch.until(({ type, object }) => `${type} ${nameOf(object)}` === last);
  });
  watch.close();
  return watch.seen().filter((text) => !text.startsWith('MODIFIED'));
}

/** StatefulSets. */
export const statefulsets = group('statefulsets', {
  'pods come in order': async (c) => {
    const seen = await order(c, () => c.create('statefulsets', set(3)), 'ADDED db-2');
    const object = await running(c, 3);
    return [
      seen,
      pick(
        object,
        'status.replicas',
        'status.readyReplicas',
        'status.currentReplicas',
        'status.updatedReplicas',
        'status.collisionCount',
      ),
      await eventsOf(c, 'StatefulSet', 'db', 'SuccessfulCreate', 'SuccessfulCreate', 'SuccessfulCreate'),
    ];
  },

  'names and labels': async (c) => {
    await c.create('statefulsets', set(1));
    await running(c, 1);
    const pod = await c.read('pods', 'db-0');
    return pick(
      pod,
      'metadata.labels.app',
      'metadata|labels|statefulset.kubernetes.io/pod-name',
      'metadata.generateName',
      'metadata.ownerReferences',
      'spec.hostname',
      'spec.subdomain',
    );
  },

  'the host name is the name': async (c) => {
    await c.create('statefulsets', set(1, {}, { command: ['sh', '-c', `echo "$HOSTNAME"; ${forever}`] }));
    await running(c, 1);
    return logOf(c, 'db-0');
  },

  'one that is not ready holds the next back': async (c) => {
    await c.create('statefulsets', set(2, {}, { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } }));
    await eventsOf(c, 'Pod', 'db-0', 'Unhealthy');
    return namesOf(await c.list('pods'));
  },

  Parallel: async (c) => {
    await c.create(
      'statefulsets',
      set(
        2,
        { podManagementPolicy: 'Parallel' },
        { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } },
      ),
    );
    return c.until('pods', '', (pods) => (pods.length === 2 ? pods.map(nameOf).sort() : undefined));
  },

  'scaled down in reverse': async (c) => {
    await c.create('statefulsets', set(3));
    await running(c, 3);
    return order(c, () => c.patch('merge', 'statefulsets', 'db/scale', { spec: { replicas: 1 } }), 'DELETED db-1');
  },

  'updated in reverse': async (c) => {
    await c.create('statefulsets', set(2));
    await running(c, 2);
    const env = [{ name: 'A', value: 'b' }];
    const patch = { spec: { template: { spec: { containers: [{ name: 'main', env }] } } } };
    const seen = await order(c, () => c.patch('strategic', 'statefulsets', 'db', patch), 'ADDED db-0');
    await settled(c, 'statefulsets', 'db', { readyReplicas: 2, updatedReplicas: 2 });
    return seen;
  },

  'a partition': async (c) => {
    await c.create(
      'statefulsets',
      set(2, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }),
    );
    await running(c, 2);
    const patch = { spec: { template: { metadata: { labels: { version: '2' } } } } };
    await c.patch('strategic', 'statefulsets', 'db', patch);
    await impatient(c, () => settled(c, 'statefulsets', 'db', { readyReplicas: 2, updatedReplicas: 1 }));
    return itemsOf(await c.list('pods')).map((pod) => [nameOf(pod), at(pod, 'metadata.labels.version')]);
  },

  'a pod that is deleted comes again by its name': async (c) => {
    await c.create('statefulsets', set(1));
    await running(c, 1);
    return order(c, () => c.remove('pods', 'db-0'), 'ADDED db-0');
  },

  deleted: async (c) => {
    await c.create('statefulsets', set(2));
    await running(c, 2);
    await c.remove('statefulsets', 'db');
    return impatient(c, () => c.until('pods', '', (pods) => (pods.length === 0 ? [] : undefined)));
  },

  'claims of its volumes': async (c) => {
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    };
    await c.create(
      'statefulsets',
      set(1, { volumeClaimTemplates: [claim] }, { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
    );
    await running(c, 1);
    const pvc = await c.untilObject(
      'persistentvolumeclaims',
      'data-db-0',
      (one) => at(one, 'status.phase') === 'Bound',
    );
    return pick(
      pvc,
      'metadata.labels',
      'metadata.ownerReferences',
      'spec.accessModes',
      'spec.resources',
      'status.phase',
      'status.capacity',
    );
  },
});
