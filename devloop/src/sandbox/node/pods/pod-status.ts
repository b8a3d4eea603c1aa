import { isDeepStrictEqual } from 'node:util';
import { timestamp } from '../../store/object-store.ts';
import type { ContainerStatus, Pod, PodStatus } from '../../store/objects.ts';

type Condition = NonNullable<PodStatus['conditions']>[number];
type Spec = Pick<Pod['spec'], 'restartPolicy' | 'readinessGates' | 'containers' | 'initContainers'>;

export interface Statuses {
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
}

/**
 * The phase of a pod, from its containers.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/kubelet_pods.go (getPhase)
 */
export function phaseOf(spec: Spec, { init, main }: Statuses): string {
  const policy = spec.restartPolicy ?? 'Always';
  const failedInit = init.some(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  if (failedInit && policy === 'Never') return 'Failed';
  if (init.some(({ state }) => state?.terminated?.exitCode !== 0)) return 'Pending';
  const waiting = main.some(({ state, lastState }) => state?.waiting && !lastState?.terminated);
  if (waiting) return 'Pending';
  if (main.some(({ state }) => state?.running)) return 'Running';
  if (policy === 'Always') return 'Running';
  const codes = main.map(({ state, lastState }) => (state?.terminated ?? lastState?.terminated)?.exitCode);
  if (codes.every((code) => code === 0)) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/**
 * The conditions that the kubelet writes, without times.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/status/generate.go
 */
export function conditionsOf(
  spec: Spec,
  phase: string,
  { init, main }: Statuses,
  others: readonly Condition[],
): Condition[] {
  const completed = phase === 'Succeeded';
  const incomplete = init.filter(({ ready }) => !ready).map(({ name }) => name);
  const initialized: Condition = completed
    ? { type: 'Initialized', status: 'True', reason: 'PodCompleted' }
    : incomplete.length === 0
      ? { type: 'Initialized', status: 'True' }
      : falseCondition(
          'Initialized',
          'ContainersNotInitialized',
          `containers with incomplete status: ${list(incomplete)}`,
        );
  const unready = main.filter(({ ready }) => !ready).map(({ name }) => name);
  const containersReady = (type: string): Condition => {
    if (completed) return { type, status: 'False', reason: 'PodCompleted' };
    if (unready.length === 0) return { type, status: 'True' };
    return falseCondition(type, 'ContainersNotReady', `containers with unready status: ${list(unready)}`);
  };
  let ready = containersReady('Ready');
  if (ready.status === 'True') {
    const wrong = (spec.readinessGates ?? []).flatMap(({ conditionType }) => gateError(conditionType, others));
    if (wrong.length > 0) ready = falseCondition('Ready', 'ReadinessGatesNotReady', wrong.join(', '));
  }
  return [initialized, ready, containersReady('ContainersReady'), { type: 'PodScheduled', status: 'True' }];
}

const list = (names: readonly string[]) => `[${names.join(' ')}]`;
const falseCondition = (type: string, reason: string, message: string): Condition => ({
  type,
  status: 'False',
  reason,
  message,
});

function gateError(type: string, conditions: readonly Condition[]): string[] {
  const found = conditions.find((condition) => condition.type === type);
  if (!found) return [`corresponding condition of pod readiness gate "${type}" does not exist.`];
  if (found.status === 'True') return [];
  return [`the status of pod readiness gate "${type}" is not "True", but ${found.status}`];
}

/** What of a pod's status is not in its containers. */
export interface PodPlace {
  readonly startTime: string;
  readonly hostIP: string;
  /** Undefined until its volumes are there. */
  readonly podIP: string | undefined;
  /** Why it has failed as a whole, whatever its containers say. */
  readonly failure?: { readonly reason: string; readonly message: string } | undefined;
}

/** The status that the node writes over `before`: what others wrote there (conditions of readiness gates) stays. */
export function podStatus(
  spec: Spec,
  before: PodStatus | undefined,
  { startTime, hostIP, podIP, failure }: PodPlace,
  statuses: Statuses,
  now: number,
): PodStatus {
  const phase = failure ? 'Failed' : phaseOf(spec, statuses);
  const old = before?.conditions ?? [];
  const own = conditionsOf(spec, phase, statuses, old).map((condition): Condition => {
    const known = old.find(({ type }) => type === condition.type);
    // The scheduler's condition is its own; the node only adds it where there is none.
    if (known && condition.type === 'PodScheduled' && known.status === 'True') return known;
    const { lastTransitionTime = timestamp(now) } = known?.status === condition.status ? known : {};
    const next = { ...bare(condition), lastProbeTime: null, lastTransitionTime } as unknown as Condition;
    return known && isDeepStrictEqual(known, next) ? known : next;
  });
  const types = new Set(own.map(({ type }) => type));
  return {
    ...before,
    phase,
    ...failure,
    conditions: [...own, ...old.filter(({ type }) => !types.has(type))],
    hostIP,
    ...(podIP !== undefined && { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    ...(statuses.init.length > 0 && { initContainerStatuses: [...statuses.init] }),
    containerStatuses: [...statuses.main],
  };
}

/** What others have written of a pod's readiness gates. */
export const gatesOf = ({ spec, status }: Pick<Pod, 'spec' | 'status'>): (string | undefined)[] =>
  (spec.readinessGates ?? []).map(
    ({ conditionType }) => status?.conditions?.find(({ type }) => type === conditionType)?.status,
  );

const bare = ({ type, status, reason, message }: Condition) => ({
  type,
  status,
  ...(reason && { reason }),
  ...(message && { message }),
});
