import type { ContainerStatus, Pod } from '../../store/objects.ts';

type State = NonNullable<ContainerStatus['state']>;

const failed = ({ terminated }: State): string => {
  if (!terminated) return '';
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
};

/** What an init container that is not done makes of the pod's status; undefined when all are done. */
function initStatus({ spec, status }: Pod): string | undefined {
  const statuses = status?.initContainerStatuses ?? [];
  const sidecars = new Set(
    (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  for (const [index, { name, state = {}, started }] of statuses.entries()) {
    if (state.terminated?.exitCode === 0) continue;
    if (sidecars.has(name) && started) continue;
    if (state.terminated) return `Init:${failed(state)}`;
    const { reason } = state.waiting ?? {};
    if (reason && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${index}/${(spec.initContainers ?? []).length}`;
  }
  return undefined;
}

/** The reason of the first container that is not simply running: kubectl looks at them from the last to the first. */
function containerStatus(pod: Pod, before: string): string {
  let reason = before;
  let running = false;
  for (const { state = {}, ready } of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    if (state.waiting?.reason) reason = state.waiting.reason;
    else if (state.terminated) reason = failed(state);
    else if (ready && state.running) running = true;
  }
  if (reason !== 'Completed' || !running) return reason;
  const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready ? 'Running' : 'NotReady';
}

/**
 * The STATUS of `kubectl get pods`.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/printers/internalversion/printers.go
 */
export function podStatus(pod: Pod): string {
  const before = pod.status?.reason || pod.status?.phase || '';
  const shown = initStatus(pod) ?? containerStatus(pod, before);
  if (!pod.metadata.deletionTimestamp) return shown;
  return pod.status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
}

/** How many containers of a pod are ready: `1/2`. */
export function readyText({ spec, status }: Pod): string {
  const ready = (status?.containerStatuses ?? []).filter((one) => one.ready && one.state?.running);
  return `${ready.length}/${spec.containers.length}`;
}

/** Restarts of the containers, or of the init containers as long as one of those is not done. */
export function podRestarts(pod: Pod): number {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const counted = initStatus(pod) === undefined ? containerStatuses : initContainerStatuses;
  return counted.reduce((sum, { restartCount }) => sum + restartCount, 0);
}
