import type { Client } from './client/client.ts';
import { container } from './objects.ts';
import { isReady } from './pods.ts';
import { at, nameOf } from './values/at.ts';

// What the checks of workloads have in common; their Deployment is named `web`.

/** Waits until a workload's status is of its newest spec and the fields are so. */
export const settled = (c: Client, resource: string, name: string, fields: Record<string, unknown>) =>
  c.untilObject(resource, name, (object) => {
    const isNew = at(object, 'status.observedGeneration') === at(object, 'metadata.generation');
    return isNew && Object.entries(fields).every(([field, value]) => at(object, `status.${field}`) === value);
  });

export const running = (c: Client, replicas: number) =>
  settled(c, 'deployments', 'web', {
    replicas,
    updatedReplicas: replicas,
    availableReplicas: replicas,
    unavailableReplicas: undefined,
  });

export const counts = (object: unknown) => {
  const {
    observedGeneration: _generation,
    conditions: _conditions,
    ...rest
  } = at(object, 'status') as Record<string, unknown>;
  return rest;
};

export const image = (name: string) => ({
  spec: { template: { spec: { containers: [{ name: 'main', image: name }] } } },
});
export const env = (value: string) => ({
  spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'VERSION', value }] }] } } },
});

/** The most and the fewest pods that were there and ready while something was done. */
export async function extremes(c: Client, act: () => Promise<unknown>) {
  const pods = new Map<string, unknown>();
  let [most, fewestReady] = [0, Number.POSITIVE_INFINITY];
  const watch = await c.watch('pods', 'labelSelector=app%3Dweb');
  let done = false;
  const acting = act().finally(async () => {
    done = true;
    await c.create('pods', {
      metadata: { name: 'end', labels: { app: 'web', end: 'yes' } },
      spec: { nodeSelector: { none: 'here' }, containers: [container('true')] },
    });
  });
  let started = false;
  await watch.until(({ type, object }) => {
    if (nameOf(object) === 'end') return true;
    if (type === 'DELETED') pods.delete(nameOf(object));
    else pods.set(nameOf(object), object);
    const alive = [...pods.values()].filter((pod) => at(pod, 'metadata.deletionTimestamp') === undefined);
    const readyOnes = alive.filter(isReady).length;
    started ||= alive.length >= 2 && readyOnes >= 2;
    if (started && !done) fewestReady = Math.min(fewestReady, readyOnes);
    most = Math.max(most, alive.length);
    return false;
  });
  watch.close();
  await acting;
  return { most, fewestReady };
}
