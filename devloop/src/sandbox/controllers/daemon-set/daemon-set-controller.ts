import type { DaemonSet, Node, Pod } from '../../store/objects.ts';
import { type ControllerContext, follow } from '../context.ts';
import { resolveAmount } from '../deployment/limits.ts';
import { matchesLabels } from '../labels.ts';
import { createPods, deletePods } from '../manage-pods.ts';
import { omitEmpty } from '../omit-empty.ts';
import { claim } from '../owners.ts';
import { isAvailable, isReady, isTerminating, untilNextAvailable } from '../pods.ts';
import { newestRevision, revisionLabel, truncateHistory } from '../revisions.ts';
import { followOwned, runController } from '../run-controller.ts';
import { daemonPod } from './daemon-pod.ts';

const component = 'daemonset-controller';

/**
 * Keeps one pod on every node that it selects; the sandbox has one node.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/daemon/daemon_controller.go
 */
export function startDaemonSetController(context: ControllerContext): void {
  const { store } = context;
  const queue = runController(context, 'daemonset', 'DaemonSet', (namespace, name) => {
    const set = store.get('DaemonSet', namespace, name);
    return set && reconcile(context, set);
  });
  followOwned(context, 'Pod', 'DaemonSet', queue);
  follow(context, 'Node', () => {
    for (const { metadata } of store.list('DaemonSet')) queue.add(metadata.namespace ?? '', metadata.name);
  });
}

function reconcile(context: ControllerContext, set: DaemonSet): number | undefined {
  const { store, clock } = context;
  const revision = newestRevision(context, set, {});
  const hash = revision.metadata.labels?.[revisionLabel] ?? '';
  const nodes = store.list('Node').filter((node) => isSelected(set, node));
  if (!set.metadata.deletionTimestamp) {
    const pods = podsOf(context, set);
    const refused = keepOneEach(context, set, nodes, pods, hash);
    if (refused) throw refused;
    if ((set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate') replaceOld(context, set, nodes, hash);
  }
  const pods = podsOf(context, set);
  store.update('DaemonSet', set.metadata.namespace ?? '', set.metadata.name, (copy) => {
    copy.status = statusOf(set, nodes.length, pods, hash, clock.now());
  });
  const used = pods.map(({ metadata }) => metadata.labels?.[revisionLabel] ?? '');
  truncateHistory(context, set, new Set([...used, revision.metadata.name]));
  return untilNextAvailable(pods, set.spec.minReadySeconds ?? 0, clock.now());
}

const isSelected = ({ spec }: DaemonSet, { metadata }: Node): boolean =>
  matchesLabels(spec.template.spec?.nodeSelector ?? {}, metadata.labels);

const podsOf = (context: ControllerContext, set: DaemonSet): Pod[] =>
  claim(context, { owner: set, selector: set.spec.selector, kind: 'Pod' });

function keepOneEach(
  context: ControllerContext,
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string,
) {
  const living = pods.filter((pod) => !isTerminating(pod));
  const failed = living.filter(({ status }) => status?.phase === 'Failed');
  for (const { metadata, spec } of failed) {
    const message = `Found failed daemon pod ${metadata.namespace}/${metadata.name} on node ${spec.nodeName}, will try to kill it`;
    context.events.record(set, 'Warning', 'FailedDaemonPod', message, component);
  }
  const surplus = living.filter((pod) => !failed.includes(pod)).slice(nodes.length);
  deletePods(context, set, component, [...failed, ...surplus]);
  // A pod that ends still has its place: its successor comes when it is gone.
  const missing = nodes.slice(pods.length).map(({ metadata }) => daemonPod(set, metadata.name, hash));
  return createPods(context, set, component, missing);
}

/** Replaces pods of former templates, as many at once as may be unavailable. */
function replaceOld(context: ControllerContext, set: DaemonSet, nodes: readonly Node[], hash: string): void {
  const now = context.clock.now();
  const pods = podsOf(context, set);
  const asked = set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1;
  const allowed = Math.max(1, resolveAmount(asked, nodes.length, 'up'));
  const isWell = (pod: Pod) => !isTerminating(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  const old = pods.filter((pod) => !isTerminating(pod) && pod.metadata.labels?.[revisionLabel] !== hash);
  const unavailable = old.filter((pod) => !isWell(pod));
  const room = Math.max(0, allowed - (nodes.length - pods.filter(isWell).length));
  deletePods(context, set, component, [...unavailable, ...old.filter(isWell).slice(0, room)]);
}

function statusOf(set: DaemonSet, wanted: number, pods: readonly Pod[], hash: string, now: number) {
  const placed = pods.filter((pod) => !isTerminating(pod));
  const available = placed.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now)).length;
  return {
    currentNumberScheduled: Math.min(wanted, placed.length),
    numberMisscheduled: Math.max(0, placed.length - wanted),
    desiredNumberScheduled: wanted,
    numberReady: placed.filter(isReady).length,
    ...omitEmpty({
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: placed.filter(({ metadata }) => metadata.labels?.[revisionLabel] === hash).length,
      numberAvailable: available,
      numberUnavailable: wanted - available,
    }),
  };
}
