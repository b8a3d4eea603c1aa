import { timestamp } from '../../store/object-store.ts';
import type { Pod } from '../../store/objects.ts';
import { findCondition, withCondition } from '../conditions.ts';
import { type ControllerContext, follow } from '../context.ts';
import { isFinished, isTerminating } from '../pods.ts';
import { runController } from '../run-controller.ts';
import { claimsOf } from '../storage/claim-protection.ts';
import { reasonsAgainst } from './node-filters.ts';

const component = 'default-scheduler';

/** Gives pods their node. A pod that fits nowhere is tried again when something changes that it may wait for. */
export function startScheduler(context: ControllerContext): void {
  const { store } = context;
  const queue = runController(context, 'scheduler', 'Pod', (namespace, name) => {
    const pod = store.get('Pod', namespace, name);
    if (pod && isWaiting(pod)) schedule(context, pod);
    return undefined;
  });
  const retry = () => {
    for (const pod of store.list('Pod')) if (isWaiting(pod)) queue.add(pod.metadata.namespace ?? '', pod.metadata.name);
  };
  // A node's heartbeat changes nothing for a pod that waits.
  follow(context, 'Node', ({ object, before }) => {
    const relevant = (node: typeof object | undefined) =>
      JSON.stringify([node?.spec, node?.metadata.labels, node?.status?.allocatable]);
    if (relevant(object) !== relevant(before)) retry();
  });
  follow(context, 'PersistentVolumeClaim', retry);
  follow(context, 'Pod', ({ type, object, before }) => {
    const hasFinished = isFinished(object) && before !== undefined && !isFinished(before);
    if (type === 'DELETED' || hasFinished) retry();
  });
}

const isWaiting = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  !isTerminating(pod) &&
  !isFinished(pod) &&
  (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler';

function schedule(context: ControllerContext, pod: Pod): void {
  const { store, clock, events } = context;
  const { namespace = '', name } = pod.metadata;
  const nodes = store.list('Node');
  const fits = nodes.find((node) => reasons(context, pod, node).length === 0);
  if (!fits) {
    refuse(context, pod, messageOf(context, pod));
    return;
  }
  store.update('Pod', namespace, name, (copy) => {
    copy.spec.nodeName = fits.metadata.name;
    const condition = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(clock.now()) };
    const conditions = withCondition(copy.status?.conditions, { ...condition, lastProbeTime: null as never });
    copy.status = { ...copy.status, conditions };
  });
  const message = `Successfully assigned ${namespace}/${name} to ${fits.metadata.name}`;
  events.record(pod, 'Normal', 'Scheduled', message, component);
}

function missingClaim({ store }: ControllerContext, pod: Pod): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  for (const name of claimsOf(pod)) {
    const claim = store.get('PersistentVolumeClaim', namespace, name);
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
  }
  return undefined;
}

function reasons(context: ControllerContext, pod: Pod, node: Parameters<typeof reasonsAgainst>[1]): string[] {
  const { store } = context;
  const missing = missingClaim(context, pod);
  if (missing) return [missing];
  const all = store.list('Pod');
  const against = reasonsAgainst(
    pod,
    node,
    all.filter(({ spec }) => spec.nodeName === node.metadata.name),
  );
  if (against.length > 0) return against;
  const isUnbound = claimsOf(pod).some(
    (name) => store.get('PersistentVolumeClaim', pod.metadata.namespace ?? '', name)?.status?.phase !== 'Bound',
  );
  return isUnbound ? ['pod has unbound immediate PersistentVolumeClaims'] : [];
}

/** `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.` */
function messageOf(context: ControllerContext, pod: Pod): string {
  const nodes = context.store.list('Node');
  if (nodes.length === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const reason of nodes.flatMap((node) => reasons(context, pod, node))) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes.length} nodes are available: ${texts.join(', ')}.`;
}

function refuse({ store, clock, events }: ControllerContext, pod: Pod, message: string): void {
  const { namespace = '', name } = pod.metadata;
  const known = findCondition(pod.status?.conditions, 'PodScheduled');
  if (known?.status === 'False' && known.message === message) return;
  store.update('Pod', namespace, name, (copy) => {
    const others = (copy.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      lastProbeTime: null as never,
      lastTransitionTime: known?.lastTransitionTime ?? timestamp(clock.now()),
      reason: 'Unschedulable',
      message,
    };
    copy.status = { ...copy.status, phase: 'Pending', conditions: [...others, condition] };
  });
  events.record(pod, 'Warning', 'FailedScheduling', message, component);
}
