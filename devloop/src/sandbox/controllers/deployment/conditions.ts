import { timestamp } from '../../store/object-store.ts';
import type { Deployment } from '../../store/objects.ts';
import { findCondition, withCondition } from '../conditions.ts';
import type { ControllerContext } from '../context.ts';

export type DeploymentCondition = NonNullable<NonNullable<Deployment['status']>['conditions']>[number];

/** @param now epoch milliseconds */
export function newCondition(
  now: number,
  type: 'Available' | 'Progressing' | 'ReplicaFailure',
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
): DeploymentCondition {
  const time = timestamp(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

export const progressingOf = ({ status }: Deployment): DeploymentCondition | undefined =>
  findCondition(status?.conditions, 'Progressing');

/** Kubernetes takes the greatest number there is for none. */
export const hasDeadline = ({ spec }: Deployment): boolean =>
  spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== 2_147_483_647;

/** Puts a condition into the stored deployment. */
export function storeCondition(
  { store }: ControllerContext,
  { metadata }: Deployment,
  condition: DeploymentCondition,
): Deployment {
  return store.update('Deployment', metadata.namespace ?? '', metadata.name, (copy) => {
    copy.status = { ...copy.status, conditions: withCondition(copy.status?.conditions, condition) };
  });
}

/** Time does not run against a deployment that is paused: it starts anew when it goes on. */
export function recordPause(context: ControllerContext, deployment: Deployment): Deployment {
  if (!hasDeadline(deployment)) return deployment;
  const reason = progressingOf(deployment)?.reason;
  if (reason === 'ProgressDeadlineExceeded') return deployment;
  const now = context.clock.now();
  if (deployment.spec.paused && reason !== 'DeploymentPaused') {
    const paused = newCondition(now, 'Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused');
    return storeCondition(context, deployment, paused);
  }
  if (!deployment.spec.paused && reason === 'DeploymentPaused') {
    const resumed = newCondition(now, 'Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed');
    return storeCondition(context, deployment, resumed);
  }
  return deployment;
}
