import type { ApiError } from '../../store/api-error.ts';
import { timestamp } from '../../store/object-store.ts';
import type { Pod, ReplicaSet } from '../../store/objects.ts';
import { findCondition, withCondition, withoutCondition } from '../conditions.ts';
import type { ControllerContext } from '../context.ts';
import { matchesLabels } from '../labels.ts';
import { createPods, deletePods } from '../manage-pods.ts';
import { omitEmpty } from '../omit-empty.ts';
import { claim } from '../owners.ts';
import { isActive, isAvailable, isReady, podFromTemplate, untilNextAvailable } from '../pods.ts';
import { podsToDelete } from '../pods-to-delete.ts';
import { followOwned, runController } from '../run-controller.ts';

const component = 'replicaset-controller';

/**
 * Keeps as many pods of a template as are wanted.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/replicaset/replica_set.go
 */
export function startReplicaSetController(context: ControllerContext): void {
  const queue = runController(context, 'replicaset', 'ReplicaSet', (namespace, name) => {
    const set = context.store.get('ReplicaSet', namespace, name);
    return set && reconcile(context, set);
  });
  followOwned(context, 'Pod', 'ReplicaSet', queue);
}

function reconcile(context: ControllerContext, set: ReplicaSet): number | undefined {
  const { store, clock } = context;
  const pods = claim(context, { owner: set, selector: set.spec.selector, kind: 'Pod', among: isActive });
  const missing = (set.spec.replicas ?? 1) - pods.length;
  let refused: ApiError | undefined;
  if (!set.metadata.deletionTimestamp) {
    const pod = podFromTemplate(set.spec.template, set, { generateName: `${set.metadata.name}-` });
    refused = createPods(context, set, component, Array(Math.max(0, missing)).fill(pod));
    if (missing < 0) deletePods(context, set, component, podsToDelete(pods, -missing));
  }
  store.update('ReplicaSet', set.metadata.namespace ?? '', set.metadata.name, (copy) => {
    copy.status = statusOf(set, pods, refused, clock.now());
  });
  if (refused) throw refused;
  return untilNextAvailable(pods, set.spec.minReadySeconds ?? 0, clock.now());
}

function statusOf(
  { metadata, spec, status }: ReplicaSet,
  pods: readonly Pod[],
  refused: ApiError | undefined,
  now: number,
): NonNullable<ReplicaSet['status']> {
  const labels = spec.template?.metadata?.labels ?? {};
  const failure = refused && {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: timestamp(now),
    reason: 'FailedCreate',
    message: refused.message,
  };
  const known = findCondition(status?.conditions, 'ReplicaFailure');
  const conditions = failure
    ? known
      ? status?.conditions
      : withCondition(status?.conditions, failure)
    : withoutCondition(status?.conditions, 'ReplicaFailure');
  return {
    replicas: pods.length,
    ...omitEmpty({
      fullyLabeledReplicas: pods.filter((pod) => matchesLabels(labels, pod.metadata.labels)).length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: pods.filter((pod) => isAvailable(pod, spec.minReadySeconds ?? 0, now)).length,
      observedGeneration: metadata.generation,
      conditions,
    }),
  };
}
