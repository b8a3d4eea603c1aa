import { remember } from '../../lib/remember.ts';
import type { ProbeResult, ProbeSpec } from '../../model/pod.ts';
import type { PodState } from '../../state/state.ts';

/** A result, and how many in a row have failed with it; 0 for one that passed. */
export interface CountedResult extends ProbeResult {
  readonly failures: number;
}

/** One probe of a pod with its results. */
export interface ProbeSeries {
  readonly kind: ProbeSpec['kind'];
  readonly container: string;
  /** Not set for one that runs a command or asks by gRPC: devloop cannot run it, and the kubelet tells its failures only. */
  readonly spec?: ProbeSpec;
  /** Oldest first. */
  readonly results: readonly CountedResult[];
}

const order: readonly ProbeSpec['kind'][] = ['startup', 'readiness', 'liveness'];

/** The probes that a pod declares, and those that results have come of. */
export const probeSeries = remember((pod: PodState): readonly ProbeSeries[] => makeSeries(pod));

function makeSeries({ view, probes }: PodState): ProbeSeries[] {
  const groups = Map.groupBy(probes, idOf);
  const known = new Map<string, Pick<ProbeSeries, 'kind' | 'container' | 'spec'>>();
  for (const spec of view.probes) known.set(idOf(spec), { kind: spec.kind, container: spec.container, spec });
  for (const { kind, container } of probes) {
    const id = idOf({ kind, container });
    if (!known.has(id)) known.set(id, { kind, container });
  }
  return [...known]
    .map(([id, probe]) => {
      const container = view.containers.find(({ name }) => name === probe.container);
      const restartedAt = container && container.restarts > 0 ? (container.startedAt ?? 0) : 0;
      return { ...probe, results: counted(groups.get(id) ?? [], restartedAt) };
    })
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const idOf = ({ kind, container }: Pick<ProbeSpec, 'kind' | 'container'>): string => `${container}/${kind}`;

/**
 * devloop and the kubelet ask the same probe, so their failures are counted apart; one that passes ends both counts. So
 * does a container that is started anew.
 */
function counted(results: readonly ProbeResult[], restartedAt: number): CountedResult[] {
  const failures = { devloop: 0, kubelet: 0 };
  let before = 0;
  return results.map((result) => {
    const isNewRun = before < restartedAt && result.at >= restartedAt;
    before = result.at;
    if (result.ok || isNewRun) Object.assign(failures, { devloop: 0, kubelet: 0 });
    if (result.ok) return { ...result, failures: 0 };
    failures[result.from] += 1;
    return { ...result, failures: failures[result.from] };
  });
}
