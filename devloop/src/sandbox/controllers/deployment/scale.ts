import type { ReplicaSet } from '../../store/objects.ts';
import { desiredReplicas, maxReplicas } from './annotations.ts';
import { byAge } from './find-replica-sets.ts';
import { isRolling, maxSurge, replicasOf } from './limits.ts';
import { activeSets, allSets, available, type Rollout, sizeOf, totalSize } from './rollout.ts';
import { scaleReplicaSet, withSets } from './scale-replica-set.ts';

/** True when the deployment's size changed since its replica sets were scaled. */
export const isScaling = (rollout: Rollout): boolean =>
  activeSets(allSets(rollout)).some((set) => {
    const desired = desiredReplicas(set);
    return desired !== undefined && desired !== replicasOf(rollout.deployment);
  });

/**
 * Scales without rolling on: in the middle of a rollout every replica set gets its share.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/deployment/sync.go (scale)
 */
export function scale(rollout: Rollout): Rollout {
  const { deployment, newest } = rollout;
  const wanted = replicasOf(deployment);
  const active = activeSets(allSets(rollout));
  const only = active.length > 1 ? undefined : (active[0] ?? newest ?? rollout.old.at(-1));
  if (active.length <= 1) {
    if (!only || sizeOf(only) === wanted) return rollout;
    return withSets(rollout, [scaleReplicaSet(rollout, only, wanted)]);
  }
  if (newest && isSaturated(newest, wanted)) {
    const old = activeSets(rollout.old).map((set) => scaleReplicaSet(rollout, set, 0));
    return withSets(rollout, old);
  }
  return isRolling(deployment) ? scaleInProportion(rollout, active) : rollout;
}

const isSaturated = (set: ReplicaSet, wanted: number): boolean =>
  desiredReplicas(set) === wanted && sizeOf(set) === wanted && available(set) === wanted;

function scaleInProportion(rollout: Rollout, active: ReplicaSet[]): Rollout {
  const { deployment } = rollout;
  const wanted = replicasOf(deployment);
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  const toAdd = allowed - totalSize(active);
  // The biggest first; among equals the newest grows and the oldest shrinks.
  const age = toAdd > 0 ? -1 : 1;
  const sorted = active.toSorted((one, other) => sizeOf(other) - sizeOf(one) || age * byAge(one, other));
  let added = 0;
  const sizes = sorted.map((set) => {
    const share = shareOf(set, rollout, toAdd, added);
    added += share;
    return sizeOf(set) + share;
  });
  const leftOver = toAdd - added;
  const changed = sorted.map((set, index) => {
    const size = (sizes[index] ?? 0) + (index === 0 ? leftOver : 0);
    return scaleReplicaSet(rollout, set, Math.max(0, size));
  });
  return withSets(rollout, changed);
}

function shareOf(set: ReplicaSet, { deployment }: Rollout, toAdd: number, added: number): number {
  if (toAdd === 0 || toAdd === added) return 0;
  const left = toAdd - added;
  const fraction = fractionOf(set, deployment);
  return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

function fractionOf(set: ReplicaSet, deployment: Rollout['deployment']): number {
  const wanted = replicasOf(deployment);
  if (wanted === 0) return -sizeOf(set);
  const former = maxReplicas(set) || deployment.status?.replicas || 1;
  return Math.round((sizeOf(set) * (wanted + maxSurge(deployment))) / former) - sizeOf(set);
}
