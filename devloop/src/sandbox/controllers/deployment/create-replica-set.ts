import { ApiError } from '../../store/api-error.ts';
import { createObject } from '../create-object.ts';
import { controllerReference } from '../owners.ts';
import { templateHash } from '../template-hash.ts';
import { annotateNewest, revisionAnnotation, sizeAnnotations } from './annotations.ts';
import { hasDeadline, newCondition, storeCondition } from './conditions.ts';
import { isRolling, maxSurge, replicasOf } from './limits.ts';
import { component, hashLabel, type Rollout, sizeOf, totalSize } from './rollout.ts';

/**
 * Makes the replica set with the deployment's template, as big as surge allows.
 * @throws ApiError when it is refused, after that was told as condition and event
 */
export function createReplicaSet(rollout: Rollout, revision: number): Rollout {
  const { context, deployment, old } = rollout;
  const { store, clock, events } = context;
  const { namespace = '', name } = deployment.metadata;
  const set = newReplicaSet(rollout, revision);
  try {
    const newest = createObject(context, 'ReplicaSet', set);
    if (sizeOf(newest) > 0) {
      const message = `Scaled up replica set ${newest.metadata.name} to ${sizeOf(newest)}`;
      events.record(deployment, 'Normal', 'ScalingReplicaSet', message, component);
    }
    let next = store.update('Deployment', namespace, name, (copy) => {
      copy.metadata.annotations = { ...copy.metadata.annotations, [revisionAnnotation]: String(revision) };
    });
    if (hasDeadline(next)) {
      const message = `Created new replica set "${newest.metadata.name}"`;
      const condition = newCondition(clock.now(), 'Progressing', 'True', 'NewReplicaSetCreated', message);
      next = storeCondition(context, next, condition);
    }
    return { context, deployment: next, newest, old };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.reason === 'AlreadyExists') {
      // Something else has the name: the next try hashes to another one.
      store.update('Deployment', namespace, name, (copy) => {
        copy.status = { ...copy.status, collisionCount: (copy.status?.collisionCount ?? 0) + 1 };
      });
      throw error;
    }
    const message = `Failed to create new replica set "${set.metadata.name}": ${error.message}`;
    if (hasDeadline(deployment)) {
      const condition = newCondition(clock.now(), 'Progressing', 'False', 'ReplicaSetCreateError', message);
      storeCondition(context, deployment, condition);
    }
    events.record(deployment, 'Warning', 'ReplicaSetCreateError', message, component);
    throw error;
  }
}

function newReplicaSet({ deployment, old }: Rollout, revision: number) {
  const { metadata, spec } = deployment;
  const hash = templateHash(spec.template, deployment.status?.collisionCount);
  const { template, selector } = structuredClone(spec);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace ?? '',
      labels,
      annotations: { ...annotateNewest({}, deployment, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: newSize(deployment, 0, totalSize(old)),
      ...(spec.minReadySeconds && { minReadySeconds: spec.minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/**
 * How big the newest replica set may be now, so that there are never more pods than surge allows.
 * @param current its size @param total that of all replica sets
 */
export function newSize(deployment: Rollout['deployment'], current: number, total: number): number {
  const wanted = replicasOf(deployment);
  if (!isRolling(deployment)) return wanted;
  const room = wanted + maxSurge(deployment) - total;
  return room <= 0 ? current : current + Math.min(room, wanted - current);
}
