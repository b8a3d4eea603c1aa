import { deleteObject } from '../delete-object.ts';
import { revisionOf } from './annotations.ts';
import { type Rollout, sizeOf } from './rollout.ts';

/** Removes the oldest replica sets that have no pods, beyond what `revisionHistoryLimit` keeps. */
export function cleanUp({ context, deployment, old }: Rollout): void {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const removable = old.filter(({ metadata }) => !metadata.deletionTimestamp);
  removable.sort((one, other) => revisionOf(one) - revisionOf(other));
  for (const set of removable.slice(0, Math.max(0, removable.length - limit))) {
    const isSeen = (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
    if (sizeOf(set) > 0 || (set.status?.replicas ?? 0) > 0 || !isSeen) continue;
    deleteObject(context, 'ReplicaSet', set.metadata.namespace ?? '', set.metadata.name);
  }
}
