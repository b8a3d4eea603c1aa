import type { Deployment } from '../../store/objects.ts';
import { type ControllerContext, follow } from '../context.ts';
import { controllerOf } from '../owners.ts';
import { followOwned, runController } from '../run-controller.ts';
import { cleanUp } from './clean-up.ts';
import { recordPause } from './conditions.ts';
import { findReplicaSets } from './find-replica-sets.ts';
import { recreateStep } from './recreate.ts';
import { rollingStep } from './rolling-update.ts';
import type { Rollout } from './rollout.ts';
import { isScaling, scale } from './scale.ts';
import { calculateStatus, isComplete, rolloutStatus, untilDeadline } from './status.ts';

/**
 * Rolls deployments from one pod template to the next.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/deployment/deployment_controller.go
 */
export function startDeploymentController(context: ControllerContext): void {
  const { store } = context;
  const queue = runController(context, 'deployment', 'Deployment', (namespace, name) => {
    const deployment = store.get('Deployment', namespace, name);
    return deployment && reconcile(context, deployment);
  });
  followOwned(context, 'ReplicaSet', 'Deployment', queue);
  // An update that recreates waits for the last old pod.
  follow(context, 'Pod', ({ type, object }) => {
    const set = controllerOf(object);
    const namespace = object.metadata.namespace ?? '';
    if (type !== 'DELETED' || set?.kind !== 'ReplicaSet') return;
    const owner = controllerOf(store.get('ReplicaSet', namespace, set.name) ?? { metadata: {} });
    if (owner?.kind === 'Deployment') queue.add(namespace, owner.name);
  });
}

function reconcile(context: ControllerContext, seen: Deployment): number | undefined {
  if (seen.metadata.deletionTimestamp) {
    const rollout = findReplicaSets(context, seen, false);
    storeStatus(rollout, calculateStatus(rollout));
    return undefined;
  }
  const deployment = recordPause(context, seen);
  const found = findReplicaSets(context, deployment, false);
  if (deployment.spec.paused || isScaling(found)) {
    const scaled = scale(found);
    if (deployment.spec.paused) cleanUp(scaled);
    storeStatus(scaled, calculateStatus(scaled));
    return undefined;
  }
  const rollout = roll(context, found);
  if (isComplete(rollout.deployment, rollout.deployment.status)) cleanUp(rollout);
  return untilDeadline({ ...rollout, deployment: storeStatus(rollout, rolloutStatus(rollout)) });
}

function roll(context: ControllerContext, found: Rollout): Rollout {
  if (found.deployment.spec.strategy?.type === 'Recreate') return recreateStep(found);
  const rollout = found.newest ? found : findReplicaSets(context, found.deployment, true);
  return rollingStep(rollout) ?? rollout;
}

function storeStatus({ context, deployment }: Rollout, status: NonNullable<Deployment['status']>): Deployment {
  return context.store.update('Deployment', deployment.metadata.namespace ?? '', deployment.metadata.name, (copy) => {
    copy.status = status;
  });
}
