import { group } from '../check.ts';
import { container, workload } from '../objects.ts';
import { conditionsOf, eventsOf, impatient, isReady } from '../pods.ts';
import { at, itemsOf, nameOf, pick } from '../values/at.ts';
import { counts, env, extremes, image, running, settled } from '../workloads.ts';

/** Deployments. */
export const deployments = group('deployments', {
  'one that comes up': async (c) => {
    await c.create('deployments', workload('web', { replicas: 2 }));
    const object = await running(c, 2);
    return [
      counts(object),
      conditionsOf(object),
      at(object, 'metadata.annotations'),
      await eventsOf(c, 'Deployment', 'web', 'ScalingReplicaSet'),
    ];
  },

  'its ReplicaSet and pods': async (c) => {
    await c.create('deployments', workload('web'));
    await running(c, 1);
    const [set] = itemsOf(await c.list('replicasets'));
    const [pod] = itemsOf(await c.list('pods'));
    const paths = [
      'metadata.name',
      'metadata.generateName',
      'metadata.labels',
      'metadata.annotations',
      'metadata.ownerReferences',
    ];
    const events = await eventsOf(c, 'ReplicaSet', nameOf(set), 'SuccessfulCreate');
    return [pick(set, ...paths, 'spec.selector', 'spec.template.metadata', 'status'), pick(pod, ...paths), events];
  },

  'a rollout with a surge': async (c) => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    await c.create('deployments', workload('web', { replicas: 2, spec: { strategy } }));
    await running(c, 2);
    const bounds = await extremes(c, async () => {
      await c.patch('strategic', 'deployments', 'web', env('2'));
      await running(c, 2);
    });
    return [bounds, await eventsOf(c, 'Deployment', 'web', 'ScalingReplicaSet')];
  },

  'a rollout without a surge': async (c) => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    await c.create('deployments', workload('web', { replicas: 2, spec: { strategy } }));
    await running(c, 2);
    // Its ReplicaSets work side by side: how many pods there are for a moment is a matter of luck on a cluster.
    const { fewestReady } = await extremes(c, async () => {
      await c.patch('strategic', 'deployments', 'web', env('2'));
      await running(c, 2);
    });
    return fewestReady;
  },

  Recreate: async (c) => {
    await c.create('deployments', workload('web', { replicas: 2, spec: { strategy: { type: 'Recreate' } } }));
    await running(c, 2);
    const watch = await c.watch('pods', `resourceVersion=${at(await c.list('pods'), 'metadata.resourceVersion')}`);
    await impatient(c, async () => {
      await c.patch('strategic', 'deployments', 'web', env('2'));
      await running(c, 2);
    });
    await c.create('pods', {
      metadata: { name: 'end' },
      spec: { nodeSelector: { none: 'here' }, containers: [container('true')] },
    });
    await watch.until(({ object }) => nameOf(object) === 'end');
    watch.close();
    return watch.events
      .map(({ type }) => type)
      .filter((type) => type !== 'MODIFIED')
      .slice(0, 4);
  },

  'a rollout that fails': async (c) => {
    await c.create('deployments', workload('web', { spec: { progressDeadlineSeconds: 3 } }));
    await running(c, 1);
    await c.patch('strategic', 'deployments', 'web', image('localhost:1/none:1'));
    const object = await c.untilObject('deployments', 'web', (one) =>
      (conditionsOf(one)['Progressing'] ?? '').includes('ProgressDeadlineExceeded'),
    );
    return [counts(object), conditionsOf(object)];
  },

  undo: async (c) => {
    await c.create('deployments', workload('web'));
    await running(c, 1);
    await c.patch('strategic', 'deployments', 'web', image('localhost:1/none:1'));
    await settled(c, 'deployments', 'web', { updatedReplicas: 1 });
    const undone = await c.kubectl('rollout', 'undo', 'deployment/web');
    const object = await running(c, 1);
    const revisions = itemsOf(await c.list('replicasets')).map((set) => [
      at(set, 'metadata|annotations|deployment.kubernetes.io/revision'),
      at(set, 'spec.replicas'),
    ]);
    return [undone, pick(object, 'spec.template.spec.containers.0.image', 'metadata.annotations'), revisions.sort()];
  },

  scale: async (c) => {
    await c.create('deployments', workload('web'));
    await running(c, 1);
    await c.patch('merge', 'deployments', 'web/scale', { spec: { replicas: 3 } });
    const up = await running(c, 3);
    await c.patch('merge', 'deployments', 'web/scale', { spec: { replicas: 1 } });
    const down = await running(c, 1);
    return [counts(up), counts(down), await eventsOf(c, 'Deployment', 'web', 'ScalingReplicaSet')];
  },

  'scale to nothing': async (c) => {
    await c.create('deployments', workload('web'));
    await running(c, 1);
    await c.patch('merge', 'deployments', 'web', { spec: { replicas: 0 } });
    const object = await settled(c, 'deployments', 'web', { replicas: undefined, readyReplicas: undefined });
    return [counts(object), conditionsOf(object)];
  },

  'a pod that is deleted comes again': async (c) => {
    await c.create('deployments', workload('web'));
    await running(c, 1);
    const [pod] = itemsOf(await c.list('pods'));
    await impatient(c, async () => {
      await c.remove('pods', nameOf(pod));
      await c.untilGone('pods', nameOf(pod));
    });
    return c.until('pods', '', (pods) => (pods.some(isReady) ? pods.length : undefined));
  },

  paused: async (c) => {
    await c.create('deployments', workload('web'));
    await running(c, 1);
    await c.patch('merge', 'deployments', 'web', { spec: { paused: true } });
    await c.untilObject('deployments', 'web', (one) => (conditionsOf(one)['Progressing'] ?? '').includes('Paused'));
    await c.patch('strategic', 'deployments', 'web', env('2'));
    const paused = await settled(c, 'deployments', 'web', { updatedReplicas: undefined });
    await c.patch('merge', 'deployments', 'web', { spec: { paused: false } });
    return [conditionsOf(paused), conditionsOf(await running(c, 1))];
  },

  'old ReplicaSets are limited': async (c) => {
    await c.create(
      'deployments',
      workload('web', { spec: { revisionHistoryLimit: 1 }, podSpec: { nodeSelector: { none: 'here' } }, replicas: 0 }),
    );
    for (const value of ['2', '3', '4']) {
      await c.patch('strategic', 'deployments', 'web', env(value));
      await c.until(
        'replicasets',
        '',
        (sets) => sets.some((set) => at(set, 'spec.template.spec.containers.0.env.0.value') === value) || undefined,
      );
    }
    await c.until('replicasets', '', (sets) => (sets.length === 2 ? true : undefined));
    const left = itemsOf(await c.list('replicasets'));
    return left.map((set) => at(set, 'spec.template.spec.containers.0.env.0.value')).includes('4');
  },

  'the same template again takes the old ReplicaSet': async (c) => {
    await c.create('deployments', workload('web', { replicas: 0 }));
    await c.until('replicasets', '', (sets) => sets.length === 1 || undefined);
    await c.patch('strategic', 'deployments', 'web', env('2'));
    await c.until('replicasets', '', (sets) => sets.length === 2 || undefined);
    await c.patch('json', 'deployments', 'web', [{ op: 'remove', path: '/spec/template/spec/containers/0/env' }]);
    const object = await c.untilObject(
      'deployments',
      'web',
      (one) => at(one, 'metadata|annotations|deployment.kubernetes.io/revision') === '3',
    );
    return [at(object, 'metadata.annotations'), itemsOf(await c.list('replicasets')).length];
  },
});
