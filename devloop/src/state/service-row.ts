import { remember } from '../lib/remember.ts';
import { rememberParts } from '../lib/remember-parts.ts';
import type { ForwardView } from '../model/operation.ts';
import type { PodView, ProbeResult } from '../model/pod.ts';
import { limitsOf, type Usage } from '../model/pod-usage.ts';
import { forwardsOf, podsOf } from './of-service.ts';
import { runsDeployed } from './service-pods.ts';
import { type ServiceSummary, summarize } from './service-summary.ts';
import type { LoopState, PodState, ServiceState } from './state.ts';
import type { UsageSample } from './usage.ts';

/** A service's summary, and what else its row on the dashboard shows. */
export interface ServiceRow extends ServiceSummary {
  /** The newest results of the probes of its current pods, oldest first. */
  readonly probes: readonly ProbeResult[];
  /** How many milliseconds the probe of the newest result usually takes, in the slowest of its pods, when it passes. */
  readonly usualLatency?: number;
  /** What its pods used together, oldest first; empty while nobody tells. */
  readonly usage: readonly UsageSample[];
  /** What they may use together. */
  readonly limits: Usage;
  /** The edit that is being built, deployed or started; not set when the newest one is live. */
  readonly nextEdit?: number;
  /** Since when devloop builds or deploys for it, epoch milliseconds; only while it does. */
  readonly busySince?: number;
  /** The newest edit that answered: how it came to the pods, when (epoch milliseconds) and after how many milliseconds. */
  readonly live?: {
    readonly edit: number;
    readonly by: 'image' | 'sync';
    readonly at: number;
    readonly total: number;
  };
  readonly forwards: readonly ForwardView[];
}

const probesShown = 20;

export function serviceRow(state: LoopState, service: ServiceState): ServiceRow {
  const summary = summarize(state, service);
  const { live } = service;
  const busySince = busyTime(state, service, summary.phase);
  const pods = podsOf(state, service.name);
  const probes = probeResults(service, pods);
  const usualLatency = usualLatencyOf(probes.at(-1), pods);
  const measured = pods.filter(({ view }) => state.usage.pods[view.uid]).map(({ view }) => view);
  return {
    ...summary,
    probes,
    ...(usualLatency !== undefined && { usualLatency }),
    usage: measured.length > 0 ? (state.usage.services[service.name] ?? []) : [],
    limits: limitsOfPods(service, measured),
    forwards: forwardsOf(state, service.name),
    ...(service.edit > 0 && !service.rolledBack && (live?.edit ?? -1) < service.edit && { nextEdit: service.edit }),
    ...(busySince !== undefined && { busySince }),
    ...(live && { live: { edit: live.edit, by: live.by, at: live.at, total: live.timing.total } }),
  };
}

export const serviceRows = remember((state: LoopState): readonly ServiceRow[] =>
  Object.values(state.services).map((service) => serviceRow(state, service)),
);

/**
 * Results of one kind, so that the strip does not mix endpoints: of the readiness probe where there is one. A failure
 * of another kind is never left out. Remembered, as hundreds of results of each service take longer than a frame may.
 */
const probeResults = rememberParts((service: ServiceState, pods: readonly PodState[]): readonly ProbeResult[] => {
  const all = pods.filter((pod) => runsDeployed(pod, service)).flatMap((pod) => pod.probes);
  const kind = (['readiness', 'liveness', 'startup'] as const).find((known) =>
    all.some((probe) => probe.kind === known),
  );
  return all
    .filter((probe) => probe.kind === kind || !probe.ok)
    .sort((a, b) => a.at - b.at)
    .slice(-probesShown);
});

/** Of all pods one figure: else those of two pods would take turns on the screen. */
function usualLatencyOf(newest: ProbeResult | undefined, pods: readonly PodState[]): number | undefined {
  const told = newest ? pods.flatMap(({ latency }) => latency?.[newest.kind]?.told ?? []) : [];
  return told.length > 0 ? Math.max(...told) : undefined;
}

const limitsOfPods = rememberParts((_: ServiceState, pods: readonly PodView[]): Usage => limitsOf(pods));

function busyTime(state: LoopState, service: ServiceState, phase: ServiceSummary['phase']): number | undefined {
  if (phase === 'building' && service.build.status === 'running') return service.build.startedAt;
  const deploy = service.spec && state.releases[service.spec.release]?.deploy;
  return phase === 'deploying' && deploy?.status === 'running' ? deploy.startedAt : undefined;
}
