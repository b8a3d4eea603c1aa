import { messageRow } from '../lib/message-lines.ts';
import type { Problem } from '../model/errors.ts';
import { explainExitCode } from '../model/exit-code.ts';
import type { ContainerView, KubeEventView, ProbeResult } from '../model/pod.ts';
import { podHealth } from '../model/pod-health.ts';
import { podsOf, workloadsOf } from './of-service.ts';
import { failingProbe } from './probe-run.ts';
import { runsDeployed } from './service-pods.ts';
import { summarize } from './service-summary.ts';
import type { LoopState, PodState, ServiceState } from './state.ts';

export type FailureKind =
  | 'build'
  | 'deploy'
  | 'update'
  | 'image'
  | 'config'
  | 'exit'
  | 'crash-loop'
  | 'memory'
  | 'liveness'
  | 'readiness'
  | 'unschedulable'
  | 'workload';

/** Why a service is bad, and where that shows. */
export interface FailureCause {
  readonly kind: FailureKind;
  /** In one sentence, without a full stop; it stays the same while only counters go on. */
  readonly sentence: string;
  readonly pod?: PodState;
  readonly container?: ContainerView;
  /** The probe's newest failure. */
  readonly probe?: ProbeResult;
  /** What devloop's own work failed with. */
  readonly problem?: Problem;
  readonly fix?: string;
}

/**
 * The cause when a service is bad: it has failed, or its pod runs and its readiness probe says no. Undefined while it is
 * well, or on its way.
 * @param now epoch milliseconds
 */
export function failureCause(state: LoopState, service: ServiceState, now: number): FailureCause | undefined {
  const { phase, problem, reason } = summarize(state, service);
  if (phase === 'starting' || phase === 'updating') return probeFailure(state, service, now);
  if (phase !== 'failed') return undefined;
  return workFailure(state, service, problem) ?? podFailure(state, service) ?? workloadFailure(state, service, reason);
}

/** Of devloop's own work: a build, a live update, a deploy. */
function workFailure(state: LoopState, service: ServiceState, problem?: Problem): FailureCause | undefined {
  const { build, update, spec } = service;
  const deploy = spec && state.releases[spec.release]?.deploy;
  const because = (kind: FailureKind, what: string, pod?: PodState): FailureCause => ({
    kind,
    sentence: `${what}: ${firstLine(problem?.why ?? '')}`,
    ...(problem && { problem }),
    ...(problem?.fix !== undefined && { fix: problem.fix }),
    ...(pod && { pod }),
  });
  if (build.status === 'failed' && build.problem === problem)
    return because('build', `edit ${build.edit} does not build`);
  if (update.status === 'failed' && update.problem === problem)
    return because('update', `edit ${update.edit} cannot be made live`);
  if (deploy?.status === 'failed' && deploy.problem === problem)
    return because('deploy', `helm could not deploy release ${spec?.release}`);
  const pod = podsOf(state, service.name).find((known) => problem && known.update?.problem === problem);
  return pod && because('update', `edit ${service.updated?.edit} did not get into pod ${pod.view.name}`, pod);
}

function podFailure(state: LoopState, service: ServiceState): FailureCause | undefined {
  const current = podsOf(state, service.name).filter((pod) => runsDeployed(pod, service));
  for (const pod of current) {
    const { status, cause, fix } = podHealth(pod.view, pod.probes);
    if (status !== 'failing') continue;
    const common = { pod, ...(fix !== undefined && { fix }) };
    if (pod.view.unschedulable !== undefined)
      return {
        kind: 'unschedulable',
        sentence: `no node takes the pod: ${firstLine(pod.view.unschedulable)}`,
        ...common,
      };
    const container = pod.view.containers.find(isBad);
    if (!container) return { kind: 'exit', sentence: cause, ...common };
    return { ...containerFailure(service, pod, container, cause), container, ...common };
  }
  return undefined;
}

/** As `podHealth` looks: the first container that keeps its pod from running. */
const isBad = ({ state, reason = '', init, exitCode }: ContainerView): boolean =>
  state === 'terminated'
    ? !(init && exitCode === 0)
    : state === 'waiting' && !/^(|ContainerCreating|PodInitializing)$/.test(reason);

function containerFailure(
  service: ServiceState,
  pod: PodState,
  container: ContainerView,
  cause: string,
): { readonly kind: FailureKind; readonly sentence: string } {
  const { state, reason = '', name, image, message } = container;
  const ended = state === 'terminated' ? { exitCode: container.exitCode ?? 0, reason } : container.last;
  if (state === 'waiting' && /Image/.test(reason)) {
    const why = firstLine(message ?? '');
    return { kind: 'image', sentence: `image ${image} cannot be had: ${why || reason}` };
  }
  if (state === 'waiting' && reason !== 'CrashLoopBackOff') return { kind: 'config', sentence: cause };
  if (!ended) return { kind: 'crash-loop', sentence: `${name} keeps ending` };
  if (livenessKill(service, pod, container))
    return { kind: 'liveness', sentence: `Kubernetes restarts ${name} again and again: its liveness probe fails` };
  return endedFailure(container, ended, state === 'waiting');
}

function endedFailure(
  { name }: ContainerView,
  { exitCode, reason }: { readonly exitCode: number; readonly reason: string },
  isLoop: boolean,
): { readonly kind: FailureKind; readonly sentence: string } {
  if (reason === 'OOMKilled')
    return { kind: 'memory', sentence: `${name} was killed: it needs more memory than its limit allows` };
  const meaning = `exit code ${exitCode}, ${explainExitCode(exitCode, reason)}`;
  return isLoop
    ? { kind: 'crash-loop', sentence: `${name} keeps crashing: ${meaning}` }
    : { kind: 'exit', sentence: `${name} has ended: ${meaning}` };
}

/** Has the kubelet ended the container's last run because of its liveness (or startup) probe? */
export function livenessKill(
  { events }: ServiceState,
  pod: PodState,
  container: ContainerView,
): KubeEventView | undefined {
  const words = new RegExp(`container ${container.name}\\b.* failed (liveness|startup) probe`, 'i');
  return events.findLast(
    ({ object, reason, message }) => object.name === pod.view.name && reason === 'Killing' && words.test(message),
  );
}

function probeFailure(state: LoopState, service: ServiceState, now: number): FailureCause | undefined {
  for (const pod of podsOf(state, service.name).filter((known) => runsDeployed(known, service))) {
    if (pod.view.ready) continue;
    for (const container of pod.view.containers.filter(({ init }) => !init)) {
      const common = { pod, container };
      if (container.restarts > 0 && livenessKill(service, pod, container)) {
        const probe = pod.probes.findLast(({ kind, ok }) => kind === 'liveness' && !ok);
        const sentence = `Kubernetes has restarted ${container.name}: its liveness probe failed`;
        return { kind: 'liveness', sentence, ...common, ...(probe && { probe }) };
      }
      const { last, restarts } = container;
      // Between two rounds of a crash loop.
      if (service.health?.status === 'failed' && last && last.exitCode !== 0 && restarts > 0)
        return { ...endedFailure(container, last, true), ...common };
      const probe = failingProbe(pod, container, service, now);
      if (!probe) continue;
      const sentence = `${container.name} runs, but its readiness probe fails: ${probeAnswer(probe)}`;
      return { kind: 'readiness', sentence, ...common, probe };
    }
  }
  return undefined;
}

/** What a failed probe got, in a few words. */
export const probeAnswer = ({ code, detail }: ProbeResult): string =>
  code === undefined ? firstLine(detail ?? '') || 'no answer' : `HTTP ${code}`;

function workloadFailure(state: LoopState, service: ServiceState, reason: string): FailureCause {
  const workload = workloadsOf(state, service.name).find(({ complaint }) => complaint !== undefined);
  const sentence = workload ? `${workload.kind} ${workload.name} cannot make its pods: ${firstLine(reason)}` : reason;
  return { kind: 'workload', sentence };
}

const firstLine = (text: string): string => messageRow(text.trim().split('\n')[0] ?? '');
