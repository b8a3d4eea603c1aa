import { remember } from '../lib/remember.ts';
import type { ForwardView } from '../model/operation.ts';
import type { ProbeResult } from '../model/pod.ts';
import { forwardsOf, podsOf } from './of-service.ts';
import { runsDeployed } from './service-pods.ts';
import { type ServiceSummary, summarize } from './service-summary.ts';
import type { LoopState, ServiceState } from './state.ts';

/** A service's summary, and what else its row on the dashboard shows. */
export interface ServiceRow extends ServiceSummary {
  /** The newest results of the probes of its current pods, oldest first. */
  readonly probes: readonly ProbeResult[];
  /** The edit that is being built, deployed or started; not set when the newest one is live. */
  readonly nextEdit?: number;
  /** Since when devloop builds or deploys for it, epoch milliseconds; only while it does. */
  readonly busySince?: number;
  /** The newest edit that answered: when (epoch milliseconds) and after how many milliseconds. */
  readonly live?: { readonly edit: number; readonly at: number; readonly total: number };
  readonly forwards: readonly ForwardView[];
}

const probesShown = 20;

export function serviceRow(state: LoopState, service: ServiceState): ServiceRow {
  const summary = summarize(state, service);
  const { live } = service;
  const busySince = busyTime(state, service, summary.phase);
  return {
    ...summary,
    probes: probeResults(state, service),
    forwards: forwardsOf(state, service.name),
    ...(service.edit > 0 && !service.rolledBack && (live?.edit ?? -1) < service.edit && { nextEdit: service.edit }),
    ...(busySince !== undefined && { busySince }),
    ...(live && { live: { edit: live.edit, at: live.at, total: live.timing.total } }),
  };
}

export const serviceRows = remember((state: LoopState): readonly ServiceRow[] =>
  Object.values(state.services).map((service) => serviceRow(state, service)),
);

/**
 * Results of one kind, so that the strip does not mix endpoints: of the readiness probe where there is one. A failure
 * of another kind is never left out.
 */
function probeResults(state: LoopState, service: ServiceState): ProbeResult[] {
  const all = podsOf(state, service.name)
    .filter((pod) => runsDeployed(pod, service))
    .flatMap((pod) => pod.probes);
  const kind = (['readiness', 'liveness', 'startup'] as const).find((known) =>
    all.some((probe) => probe.kind === known),
  );
  return all
    .filter((probe) => probe.kind === kind || !probe.ok)
    .sort((a, b) => a.at - b.at)
    .slice(-probesShown);
}

function busyTime(state: LoopState, service: ServiceState, phase: ServiceSummary['phase']): number | undefined {
  if (phase === 'building' && service.build.status === 'running') return service.build.startedAt;
  const deploy = service.spec && state.releases[service.spec.release]?.deploy;
  return phase === 'deploying' && deploy?.status === 'running' ? deploy.startedAt : undefined;
}
