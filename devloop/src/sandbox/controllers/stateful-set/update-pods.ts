import type { ControllerRevision, Pod, StatefulSet } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { isRunningAndReady, isTerminating } from '../pods.ts';
import { templateOf } from '../revisions.ts';
import { newPod, ordinalOf, revisionOfPod } from './identity.ts';
import { createStatefulPod, deleteStatefulPod, recordRecreation } from './stateful-pods.ts';

/** A set and what is there of it. */
export interface Ordered {
  readonly context: ControllerContext;
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  /** The revision before the update, and the one it leads to. */
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
}

/**
 * Makes, replaces and removes the pods of a set, one at a time unless its policy is Parallel.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)
 */
export function updatePods(ordered: Ordered): void {
  const { set, pods } = ordered;
  if (set.metadata.deletionTimestamp) return;
  const wanted = set.spec.replicas ?? 1;
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]));
  if (!fillUp(ordered, wanted, byOrdinal)) return;
  if (!shrink(ordered, wanted)) return;
  if ((set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate') replaceOld(ordered, wanted, byOrdinal);
}

const isOrdered = ({ spec }: StatefulSet): boolean => spec.podManagementPolicy !== 'Parallel';

/** @returns false when the next step has to wait for a pod */
function fillUp(ordered: Ordered, wanted: number, byOrdinal: ReadonlyMap<number, Pod>): boolean {
  const { context, set } = ordered;
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = byOrdinal.get(ordinal);
    if (!pod) {
      create(ordered, ordinal);
      if (isOrdered(set)) return false;
    } else if (pod.status?.phase === 'Failed' && !isTerminating(pod)) {
      recordRecreation(context, set, pod);
      deleteStatefulPod(context, set, pod);
      // It is made again when it is gone.
      if (isOrdered(set)) return false;
    } else if (isOrdered(set) && (isTerminating(pod) || !isRunningAndReady(pod))) return false;
  }
  return true;
}

function create({ context, set, current, update }: Ordered, ordinal: number): void {
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition;
  const isRolling = (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  const kept = partition ?? (isRolling ? (set.status?.currentReplicas ?? 0) : 0);
  const revision = ordinal < kept ? current : update;
  const pod = newPod(set, templateOf(revision), revision.metadata.name, ordinal);
  createStatefulPod(context, set, pod, `${set.metadata.name}-${ordinal}`);
}

/** @returns false when the next step has to wait for a pod */
function shrink({ context, set, pods }: Ordered, wanted: number): boolean {
  const condemned = pods
    .filter((pod) => ordinalOf(set, pod) >= wanted)
    .sort((one, other) => ordinalOf(set, other) - ordinalOf(set, one));
  const unhealthy = pods
    .filter((pod) => !isRunningAndReady(pod) || isTerminating(pod))
    .sort((one, other) => ordinalOf(set, one) - ordinalOf(set, other))[0];
  for (const pod of condemned) {
    if (isTerminating(pod)) {
      if (isOrdered(set)) return false;
      continue;
    }
    if (isOrdered(set) && !isRunningAndReady(pod) && pod !== unhealthy) return false;
    deleteStatefulPod(context, set, pod);
    if (isOrdered(set)) return false;
  }
  return true;
}

/** From the highest ordinal down to the partition, each when the one before is well again. */
function replaceOld({ context, set, update }: Ordered, wanted: number, byOrdinal: ReadonlyMap<number, Pod>): void {
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let ordinal = wanted - 1; ordinal >= partition; ordinal -= 1) {
    const pod = byOrdinal.get(ordinal);
    if (!pod) return;
    if (revisionOfPod(pod) !== update.metadata.name && !isTerminating(pod)) {
      deleteStatefulPod(context, set, pod);
      return;
    }
    if (isTerminating(pod) || !isRunningAndReady(pod)) return;
  }
}
