import type { ReplicaSet } from '../../store/objects.ts';
import { newSize } from './create-replica-set.ts';
import { maxUnavailable, replicasOf } from './limits.ts';
import { activeSets, allSets, available, type Rollout, sizeOf, totalAvailable, totalSize } from './rollout.ts';
import { scaleReplicaSet, withSets } from './scale-replica-set.ts';

/**
 * One step of a rolling update: the newest replica set grows as far as surge allows, else the old ones shrink as far as
 * availability allows. https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/deployment/rolling.go
 * @returns the rollout after the step, or undefined when nothing was to be done
 */
export const rollingStep = (rollout: Rollout): Rollout | undefined => growNewest(rollout) ?? shrinkOld(rollout);

function growNewest(rollout: Rollout): Rollout | undefined {
  const { deployment, newest } = rollout;
  // Here one controller comes after the other: a pod that is still to go counts as one that is there.
  if (!newest || rollout.old.some(hasTooMany)) return undefined;
  const wanted = replicasOf(deployment);
  const current = sizeOf(newest);
  const size = current > wanted ? wanted : newSize(deployment, current, totalSize(allSets(rollout)));
  return size === current ? undefined : withSets(rollout, [scaleReplicaSet(rollout, newest, size)]);
}

const hasTooMany = (set: ReplicaSet): boolean => (set.status?.replicas ?? 0) > sizeOf(set);

function shrinkOld(rollout: Rollout): Rollout | undefined {
  const { deployment, newest } = rollout;
  const old = activeSets(rollout.old);
  if (old.length === 0 || !newest) return undefined;
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment);
  const notYetAvailable = sizeOf(newest) - available(newest);
  const removable = totalSize([...old, newest]) - minAvailable - notYetAvailable;
  if (removable <= 0) return undefined;
  const cleaned = removeUnhealthy(rollout, old, removable);
  // What is not available is gone now, so the sizes may be newer than their status: only the status is counted.
  const healthy = totalAvailable([...cleaned, newest]) - minAvailable;
  const shrunk = removeHealthy(rollout, cleaned, healthy);
  const changed = shrunk.filter((set, index) => sizeOf(set) !== sizeOf(old[index] ?? set));
  return changed.length > 0 ? withSets(rollout, changed) : undefined;
}

/** Takes away pods that are of no use to anybody, so that an update gets past a broken revision. */
const removeUnhealthy = (rollout: Rollout, sets: readonly ReplicaSet[], atMost: number): ReplicaSet[] =>
  shrink(rollout, sets, atMost, (set) => Math.max(0, sizeOf(set) - available(set)));

const removeHealthy = (rollout: Rollout, sets: readonly ReplicaSet[], atMost: number): ReplicaSet[] =>
  shrink(rollout, sets, atMost, sizeOf);

function shrink(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
  atMost: number,
  removable: (set: ReplicaSet) => number,
): ReplicaSet[] {
  let left = Math.max(0, atMost);
  return sets.map((set) => {
    const count = Math.min(left, removable(set));
    left -= count;
    return count > 0 ? scaleReplicaSet(rollout, set, sizeOf(set) - count) : set;
  });
}
