import { explainExitCode } from './exit-code.ts';
import type { ContainerView, PodView, ProbeResult } from './pod.ts';

/** One word and one cause for a pod. Read from the container states: a crash loop's phase still says Running. */
export interface PodHealth {
  readonly status: 'starting' | 'ready' | 'failing' | 'ending';
  readonly cause: string;
  readonly fix?: string;
}

const imageReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName']);
const configReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
]);

/** @param probes the newest results of its probes, oldest first */
export function podHealth(pod: PodView, probes: readonly ProbeResult[] = []): PodHealth {
  if (pod.deleting) return { status: 'ending', cause: 'terminating' };
  if (pod.unschedulable !== undefined) {
    // A claim that is being provisioned looks like this for a moment after each install.
    if (/unbound immediate PersistentVolumeClaims/.test(pod.unschedulable)) {
      return { status: 'starting', cause: 'waiting for its volume (PersistentVolumeClaim not bound yet)' };
    }
    return { status: 'failing', cause: `cannot be scheduled: ${pod.unschedulable}`, fix: describe(pod) };
  }
  for (const container of pod.containers) {
    const failing = containerFailure(pod, container);
    if (failing) return failing;
  }
  if (pod.ready) return { status: 'ready', cause: 'ready' };
  if (pod.phase === 'Failed') return { status: 'failing', cause: 'the pod failed', fix: describe(pod) };
  return { status: 'starting', cause: startingCause(pod, probes) };
}

function containerFailure(pod: PodView, container: ContainerView): PodHealth | undefined {
  const { state, reason, message, name } = container;
  if (state === 'waiting' && reason) {
    if (imageReasons.has(reason)) {
      return { status: 'failing', cause: `${reason}: ${container.image}`, fix: describe(pod) };
    }
    if (configReasons.has(reason)) return configFailure(pod, container, reason, message ?? '');
    if (reason === 'CrashLoopBackOff')
      return { status: 'failing', cause: crashCause(container), fix: previousLogs(pod, name) };
  }
  if (state === 'terminated' && !(container.init && container.exitCode === 0)) {
    if (container.exitCode === 0 && pod.phase === 'Succeeded') return undefined;
    return { status: 'failing', cause: exitCause(name, container.exitCode ?? 0, reason), fix: previousLogs(pod, name) };
  }
  return undefined;
}

function configFailure(pod: PodView, container: ContainerView, reason: string, message: string): PodHealth {
  const secret = /secret "([^"]+)" not found/.exec(message)?.[1];
  if (secret) {
    return {
      status: 'failing',
      cause: `Secret ${secret} is missing in namespace ${pod.namespace}`,
      fix: `kubectl --namespace ${pod.namespace} create secret generic ${secret} --from-literal=KEY=VALUE`,
    };
  }
  const configMap = /configmap "([^"]+)" not found/.exec(message)?.[1];
  if (configMap) {
    return {
      status: 'failing',
      cause: `ConfigMap ${configMap} is missing in namespace ${pod.namespace}`,
      fix: `kubectl --namespace ${pod.namespace} create configmap ${configMap} --from-literal=KEY=VALUE`,
    };
  }
  return { status: 'failing', cause: `${reason} (${container.name}): ${message || 'no message'}`, fix: describe(pod) };
}

function crashCause(container: ContainerView): string {
  const { last, restarts, name } = container;
  const times = `crash loop, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
  return last ? `${exitCause(name, last.exitCode, last.reason)} (${times})` : `${name}: ${times}`;
}

const exitCause = (name: string, code: number, reason?: string): string =>
  `${name} exited with code ${code}: ${explainExitCode(code, reason)}`;

function startingCause(pod: PodView, probes: readonly ProbeResult[]): string {
  // A running init container first: the app's containers wait for it, and say no more than PodInitializing. A sidecar
  // (an init container that goes on running) is ready once it has started, and holds nothing up.
  const runningInit = pod.containers.find(
    (container) => container.init && container.state === 'running' && !container.ready,
  );
  if (runningInit) return `init container ${runningInit.name} is running`;
  const waiting = pod.containers.find((container) => container.state === 'waiting' && container.reason);
  if (waiting) return waiting.init ? `init container ${waiting.name}: ${waiting.reason}` : `${waiting.reason}`;
  const ended = pod.containers.find((container) => container.last && container.last.exitCode !== 0 && !container.ready);
  const failed = probes.findLast((probe) => !probe.ok && !hasPassedSince(probe, probes));
  const probe = failed
    ? `${failed.kind} probe: ${failed.detail ?? failed.code ?? 'failed'}`
    : 'waiting for its readiness probe';
  if (ended?.last) return `restarted after exit code ${ended.last.exitCode}; ${probe}`;
  return pod.phase === 'Pending' ? 'pending' : probe;
}

const hasPassedSince = (failed: ProbeResult, probes: readonly ProbeResult[]): boolean =>
  probes.some(
    (probe) => probe.ok && probe.kind === failed.kind && probe.container === failed.container && probe.at >= failed.at,
  );

const describe = (pod: PodView): string => `kubectl --namespace ${pod.namespace} describe pod ${pod.name}`;
const previousLogs = (pod: PodView, container: string): string =>
  `kubectl --namespace ${pod.namespace} logs ${pod.name} --container ${container} --previous`;
