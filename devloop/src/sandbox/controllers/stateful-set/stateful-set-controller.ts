import type { ControllerRevision, Pod, StatefulSet } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { omitEmpty } from '../omit-empty.ts';
import { claim } from '../owners.ts';
import { isRunningAndReady, isTerminating } from '../pods.ts';
import { newestRevision, revisionsOf, truncateHistory } from '../revisions.ts';
import { followOwned, runController } from '../run-controller.ts';
import { ordinalOf, revisionOfPod } from './identity.ts';
import { type Ordered, updatePods } from './update-pods.ts';

/**
 * Keeps numbered pods with names and volumes of their own.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/statefulset/stateful_set.go
 */
export function startStatefulSetController(context: ControllerContext): void {
  const { store } = context;
  const queue = runController(context, 'statefulset', 'StatefulSet', (namespace, name) => {
    const set = store.get('StatefulSet', namespace, name);
    if (set) reconcile(context, set);
    return undefined;
  });
  followOwned(context, 'Pod', 'StatefulSet', queue);
}

function reconcile(context: ControllerContext, set: StatefulSet): void {
  const update = newestRevision(context, set, {});
  const revisions = revisionsOf(context, set);
  const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  try {
    updatePods({ context, set, pods: podsOf(context, set), current, update });
  } finally {
    storeStatus({ context, set, pods: podsOf(context, set), current, update });
  }
  const used = podsOf(context, set).map((pod) => revisionOfPod(pod) ?? '');
  truncateHistory(context, set, new Set([...used, current.metadata.name, update.metadata.name]));
}

const podsOf = (context: ControllerContext, set: StatefulSet): Pod[] =>
  claim(context, {
    owner: set,
    selector: set.spec.selector,
    kind: 'Pod',
    among: (pod) => ordinalOf(set, pod) >= 0,
  });

function storeStatus({ context, set, pods, current, update }: Ordered): void {
  context.store.update('StatefulSet', set.metadata.namespace ?? '', set.metadata.name, (copy) => {
    copy.status = statusOf(set, pods, current, update);
  });
}

function statusOf(set: StatefulSet, pods: readonly Pod[], current: ControllerRevision, update: ControllerRevision) {
  const ofRevision = ({ metadata }: ControllerRevision) =>
    pods.filter((pod) => revisionOfPod(pod) === metadata.name && !isTerminating(pod)).length;
  const readyReplicas = pods.filter(isRunningAndReady).length;
  const updatedReplicas = ofRevision(update);
  // The update is over when every pod is of the new revision and ready.
  const isRolling = (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  const isOver = isRolling && updatedReplicas === pods.length && readyReplicas === pods.length;
  return {
    replicas: pods.length,
    ...omitEmpty({
      readyReplicas,
      currentReplicas: isOver ? updatedReplicas : ofRevision(current),
      updatedReplicas,
      observedGeneration: set.metadata.generation,
    }),
    currentRevision: (isOver ? update : current).metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: set.status?.collisionCount ?? 0,
  };
}
