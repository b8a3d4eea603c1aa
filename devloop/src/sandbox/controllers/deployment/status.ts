import type { Deployment, ReplicaSet } from '../../store/objects.ts';
import { findCondition, withCondition, withoutCondition } from '../conditions.ts';
import { omitEmpty } from '../omit-empty.ts';
import { type DeploymentCondition, hasDeadline, newCondition, progressingOf } from './conditions.ts';
import { maxUnavailable, replicasOf } from './limits.ts';
import { allSets, type Rollout, totalAvailable, totalSize } from './rollout.ts';

type Status = NonNullable<Deployment['status']>;

const sum = (sets: readonly ReplicaSet[], field: 'replicas' | 'readyReplicas'): number =>
  sets.reduce((total, { status }) => total + (status?.[field] ?? 0), 0);

/** What the replica sets say of the deployment, with its conditions but for Progressing. */
export function calculateStatus(rollout: Rollout): Status {
  const { context, deployment, newest } = rollout;
  const sets = allSets(rollout);
  const availableReplicas = totalAvailable(sets);
  const isAvailable = availableReplicas >= replicasOf(deployment) - maxUnavailable(deployment);
  const now = context.clock.now();
  const condition = isAvailable
    ? newCondition(now, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : newCondition(
        now,
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
      );
  return omitEmpty({
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum(sets, 'replicas'),
    updatedReplicas: newest?.status?.replicas ?? 0,
    readyReplicas: sum(sets, 'readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(0, totalSize(sets) - availableReplicas),
    collisionCount: deployment.status?.collisionCount,
    conditions: withCondition(deployment.status?.conditions, condition),
  });
}

/** True when all pods there are to be are of the newest template, and available. */
export function isComplete(deployment: Deployment, status: Status | undefined): boolean {
  const wanted = replicasOf(deployment);
  return (
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function hasProgressed(before: Status = {}, after: Status): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: Status) => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** Epoch milliseconds at which a rollout that does not move has failed. */
const deadlineOf = (deployment: Deployment, progressing: DeploymentCondition): number =>
  Date.parse(progressing.lastUpdateTime ?? '') + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;

function progressOf(rollout: Rollout, status: Status): DeploymentCondition | undefined {
  const { context, deployment, newest } = rollout;
  const now = context.clock.now();
  const current = progressingOf(deployment);
  const subject = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return newCondition(now, 'Progressing', 'True', 'NewReplicaSetAvailable', message);
  }
  if (hasProgressed(deployment.status, status)) {
    return newCondition(now, 'Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`);
  }
  if (!current || current.reason === 'NewReplicaSetAvailable' || deadlineOf(deployment, current) >= now)
    return undefined;
  const message = `${subject} has timed out progressing.`;
  return newCondition(now, 'Progressing', 'False', 'ProgressDeadlineExceeded', message);
}

function failureOf(rollout: Rollout): DeploymentCondition | undefined {
  const newestFirst = [...(rollout.newest ? [rollout.newest] : []), ...rollout.old];
  for (const { status } of newestFirst) {
    const failure = findCondition(status?.conditions, 'ReplicaFailure');
    if (failure)
      return { ...failure, ...(failure.lastTransitionTime && { lastUpdateTime: failure.lastTransitionTime }) };
  }
  return undefined;
}

/** The status in the course of a rollout: with its progress, and with what keeps a replica set from making pods. */
export function rolloutStatus(rollout: Rollout): Status {
  const { deployment } = rollout;
  const status = calculateStatus(rollout);
  const current = progressingOf(deployment);
  let conditions = status.conditions ?? [];
  if (!hasDeadline(deployment)) conditions = withoutCondition(conditions, 'Progressing');
  const isDone =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  const progress = hasDeadline(deployment) && !isDone ? progressOf(rollout, status) : undefined;
  if (progress?.reason === 'ReplicaSetUpdated') {
    // Its time of update tells when something last moved, so it is written anew though status and reason are the same.
    const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
    conditions = [
      ...withoutCondition(conditions, 'Progressing'),
      { ...progress, ...(since && { lastTransitionTime: since }) },
    ];
  } else if (progress) conditions = withCondition(conditions, progress);
  const failure = failureOf(rollout);
  conditions = failure ? withCondition(conditions, failure) : withoutCondition(conditions, 'ReplicaFailure');
  return { ...status, conditions };
}

/** Milliseconds until the rollout must be looked at for its deadline; undefined when it has none to meet. */
export function untilDeadline({ context, deployment }: Rollout): number | undefined {
  const progressing = progressingOf(deployment);
  if (!hasDeadline(deployment) || !progressing || progressing.reason === 'ProgressDeadlineExceeded') return undefined;
  if (deployment.spec.paused || isComplete(deployment, deployment.status)) return undefined;
  // A second more, since times are written in whole seconds.
  return deadlineOf(deployment, progressing) - context.clock.now() + 1000;
}
