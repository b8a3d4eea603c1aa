import type { Deployment, ReplicaSet } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { claim } from '../owners.ts';
import { annotateNewest, revisionAnnotation, revisionOf } from './annotations.ts';
import { hasDeadline, newCondition, progressingOf, storeCondition } from './conditions.ts';
import { createReplicaSet } from './create-replica-set.ts';
import { type Rollout, sameTemplate } from './rollout.ts';

/**
 * Finds the deployment's replica sets, and gives the one with its template the highest revision; so a template that was
 * there before becomes the newest again.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/deployment/sync.go (getAllReplicaSetsAndSyncRevision)
 * @param create makes the one with the deployment's template when there is none
 */
export function findReplicaSets(context: ControllerContext, deployment: Deployment, create: boolean): Rollout {
  const sets = claim(context, { owner: deployment, selector: deployment.spec.selector, kind: 'ReplicaSet' });
  sets.sort(byAge);
  const newest = sets.find(({ spec }) => sameTemplate(spec.template, deployment.spec.template));
  const old = sets.filter((set) => set !== newest);
  const revision = Math.max(0, ...old.map(revisionOf)) + 1;
  if (newest) return keepNewest({ context, deployment, newest, old }, newest, revision);
  const rollout = { context, deployment, newest, old };
  return create ? createReplicaSet(rollout, revision) : rollout;
}

/** Oldest first. */
export const byAge = (one: ReplicaSet, other: ReplicaSet): number =>
  Date.parse(one.metadata.creationTimestamp) - Date.parse(other.metadata.creationTimestamp) ||
  (one.metadata.name < other.metadata.name ? -1 : 1);

function keepNewest(rollout: Rollout, found: ReplicaSet, revision: number): Rollout {
  const { context } = rollout;
  const { store, clock } = context;
  const namespace = found.metadata.namespace ?? '';
  const newest = store.update('ReplicaSet', namespace, found.metadata.name, (copy) => {
    copy.metadata.annotations = annotateNewest(copy.metadata.annotations, rollout.deployment, revision);
    const { minReadySeconds } = rollout.deployment.spec;
    if (minReadySeconds) copy.spec.minReadySeconds = minReadySeconds;
    else delete copy.spec.minReadySeconds;
  });
  let deployment = store.update('Deployment', namespace, rollout.deployment.metadata.name, (copy) => {
    copy.metadata.annotations = { ...copy.metadata.annotations, [revisionAnnotation]: String(revisionOf(newest)) };
  });
  if (hasDeadline(deployment) && !progressingOf(deployment)) {
    const message = `Found new replica set "${newest.metadata.name}"`;
    const condition = newCondition(clock.now(), 'Progressing', 'True', 'FoundNewReplicaSet', message);
    deployment = storeCondition(context, deployment, condition);
  }
  return { ...rollout, deployment, newest };
}
