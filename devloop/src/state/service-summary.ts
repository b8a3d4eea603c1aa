import { formatDuration } from '../lib/duration.ts';
import { remember } from '../lib/remember.ts';
import type { Problem } from '../model/errors.ts';
import { podHealth } from '../model/pod-health.ts';
import { deployInputs } from './deploy-inputs.ts';
import { forwardsOf, podsOf, workloadsOf } from './of-service.ts';
import { lacksUpdate, runsDeployed } from './service-pods.ts';
import type { LoopState, PodState, ServiceState } from './state.ts';

export type Phase = 'waiting' | 'building' | 'deploying' | 'updating' | 'starting' | 'ready' | 'failed';

/** One service as a row: one word, one cause, rolled up over its replicas. */
export interface ServiceSummary {
  readonly name: string;
  readonly phase: Phase;
  /** Why it is in this phase, in words; empty when it is ready and there is nothing to say. */
  readonly reason: string;
  /** Set when it has failed: what, why, the fix, the evidence. */
  readonly problem?: Problem;
  /** Pods that run what was deployed and are ready. */
  readonly ready: number;
  /** Pods wanted. */
  readonly wanted: number;
  readonly restarts: number;
  /** The newest edit that has answered from a pod. */
  readonly liveEdit?: number;
  readonly url?: string;
}

export function summarize(state: LoopState, service: ServiceState): ServiceSummary {
  const pods = podsOf(state, service.name);
  const workloads = workloadsOf(state, service.name);
  const current = pods.filter((pod) => runsDeployed(pod, service));
  const [forward] = forwardsOf(state, service.name);
  const counts = {
    ready: current.filter((pod) => pod.view.ready).length,
    wanted: workloads.reduce((sum, workload) => sum + workload.replicas, 0),
    restarts: current.reduce((sum, pod) => sum + restartsOf(pod), 0),
  };
  const rolledOut = workloads.every((workload) => workload.observed && workload.updated >= workload.replicas);
  return {
    name: service.name,
    ...(workPhase(state, service) ??
      updatePhase(service, podPhase(state, service, current, counts, workloads.length > 0, rolledOut), current)),
    ...counts,
    ...(service.live && { liveEdit: service.live.edit }),
    ...(forward && { url: `http://localhost:${forward.local}` }),
  };
}

export const summarizeAll = remember((state: LoopState): readonly ServiceSummary[] =>
  Object.values(state.services).map((service) => summarize(state, service)),
);

interface PhaseOf {
  readonly phase: Phase;
  readonly reason: string;
  readonly problem?: Problem;
}

/** The phase while devloop itself has work to do for the service, or that work has failed. */
function workPhase(state: LoopState, service: ServiceState): PhaseOf | undefined {
  const { build, buildEdit, buildWhy, spec, update } = service;
  if (!spec) return undefined;
  const release = state.releases[spec.release];
  if (build.status === 'running') {
    const step = build.steps.findLast((known) => known.status === 'running');
    const why = buildWhy ? `${buildWhy}: ` : '';
    return { phase: 'building', reason: `${why}${step?.name ?? 'starting the build'}` };
  }
  if (build.status === 'failed') return { phase: 'failed', reason: build.problem.why, problem: build.problem };
  if (update.status === 'running') return { phase: 'updating', reason: `looking at edit ${update.edit}` };
  if (update.status === 'failed' && update.edit > (service.image?.edit ?? -1))
    return { phase: 'failed', reason: update.problem.why, problem: update.problem };
  const isHeld = !spec.active && service.image !== undefined;
  if (spec.image && !isHeld && (!service.image || service.image.edit < buildEdit)) {
    return { phase: 'waiting', reason: service.image ? 'for its build' : 'for its first build' };
  }
  if (!release) return undefined;
  const inputs = deployInputs(state, release.name);
  if (release.deploy.status === 'running') return { phase: 'deploying', reason: `helm upgrade ${release.name}` };
  if (release.deploy.status === 'failed' && release.attempted === inputs) {
    return { phase: 'failed', reason: release.deploy.problem.why, problem: release.deploy.problem };
  }
  if (inputs === undefined) return { phase: 'waiting', reason: 'for the images of the other services' };
  return release.attempted === inputs ? undefined : { phase: 'waiting', reason: `for helm upgrade ${release.name}` };
}

/** The phase while edits are on their way into running pods; a pod that fails is worse news. */
function updatePhase(service: ServiceState, otherwise: PhaseOf, pods: readonly PodState[]): PhaseOf {
  const behind = pods.filter((pod) => lacksUpdate(pod, service));
  if (behind.length === 0 || otherwise.phase === 'failed') return otherwise;
  const problem = behind.find(({ update }) => update?.status === 'failed')?.update?.problem;
  if (problem) return { phase: 'failed', reason: problem.why, problem };
  const edit = `edit ${service.updated?.edit}`;
  if (pods.length > 1)
    return { phase: 'updating', reason: `${pods.length - behind.length} of ${pods.length} pods run ${edit}` };
  const isRestarting = behind.some(({ update }) => update?.status === 'restarting');
  return { phase: 'updating', reason: isRestarting ? `starting ${edit}` : `sending ${edit}` };
}

function podPhase(
  state: LoopState,
  service: ServiceState,
  current: readonly PodState[],
  counts: { ready: number; wanted: number },
  hasWorkload: boolean,
  rolledOut: boolean,
): PhaseOf {
  for (const pod of current) {
    const health = podHealth(pod.view, pod.probes);
    // An evicted pod stays listed after its replacement serves: it is history, not a failure.
    if (pod.view.phase === 'Failed' && counts.ready >= counts.wanted) continue;
    if (health.status === 'failing') return { phase: 'failed', reason: health.cause, problem: podProblem(pod, health) };
  }
  const complaint = workloadsOf(state, service.name).find((known) => known.complaint);
  if (complaint?.complaint && counts.ready < counts.wanted) {
    const title = `${complaint.kind} ${complaint.name} cannot make its pods`;
    return { phase: 'failed', reason: complaint.complaint, problem: { title, why: complaint.complaint } };
  }
  if (state.releases[service.spec?.release ?? '']?.gone === service.name)
    return { phase: 'waiting', reason: 'its workload was deleted: the next edit deploys it again' };
  if (!hasWorkload) return { phase: 'starting', reason: 'no workload of it is in the cluster yet' };
  if (counts.wanted === 0) return { phase: 'ready', reason: 'scaled to 0' };
  if (counts.ready >= counts.wanted && rolledOut) return { phase: 'ready', reason: liveText(service) };
  const waiting = current.find((pod) => !pod.view.ready);
  const reason = waiting ? podHealth(waiting.view, waiting.probes).cause : 'waiting for new pods';
  return { phase: 'starting', reason };
}

function podProblem(pod: PodState, health: { cause: string; fix?: string }): Problem {
  return {
    title: `Pod ${pod.view.name} is failing`,
    why: health.cause,
    ...(health.fix && { fix: health.fix }),
    ...(pod.crash && { evidence: pod.crash.lines }),
  };
}

const restartsOf = (pod: PodState): number =>
  pod.view.containers.reduce((sum, container) => sum + container.restarts, 0);

function liveText({ live }: ServiceState): string {
  if (!live) return '';
  return live.edit === 0 ? 'live' : `edit ${live.edit} live in ${formatDuration(live.timing.total)}`;
}
