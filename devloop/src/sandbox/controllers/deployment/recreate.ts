import { isFinished } from '../pods.ts';
import { findReplicaSets } from './find-replica-sets.ts';
import { replicasOf } from './limits.ts';
import { activeSets, type Rollout, sizeOf } from './rollout.ts';
import { scaleReplicaSet, withSets } from './scale-replica-set.ts';

/**
 * One step of an update that stops everything old before it starts anything new.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/deployment/recreate.go
 */
export function recreateStep(rollout: Rollout): Rollout {
  const active = activeSets(rollout.old);
  if (active.length > 0) {
    return withSets(
      rollout,
      active.map((set) => scaleReplicaSet(rollout, set, 0)),
    );
  }
  if (oldPodsRun(rollout)) return rollout;
  const complete = rollout.newest ? rollout : findReplicaSets(rollout.context, rollout.deployment, true);
  const { newest, deployment } = complete;
  const wanted = replicasOf(deployment);
  if (!newest || sizeOf(newest) === wanted) return complete;
  return withSets(complete, [scaleReplicaSet(complete, newest, wanted)]);
}

function oldPodsRun({ context, deployment, old }: Rollout): boolean {
  const namespace = deployment.metadata.namespace ?? '';
  return old.some(({ metadata }) =>
    context.store.controlledBy('Pod', namespace, metadata.uid).some((pod) => !isFinished(pod)),
  );
}
