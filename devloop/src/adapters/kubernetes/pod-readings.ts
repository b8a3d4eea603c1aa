import type { PodReading } from '../../engine/outside.ts';

interface CpuStats {
  readonly time?: string | null;
  readonly usageNanoCores?: number | null;
  readonly usageCoreNanoSeconds?: number | null;
}

interface MemoryStats {
  readonly workingSetBytes?: number | null;
}

interface Stats {
  readonly cpu?: CpuStats | null;
  readonly memory?: MemoryStats | null;
}

/**
 * What a kubelet answers on `/stats/summary`, as far as it is used here.
 * https://github.com/kubernetes/kubelet/blob/v0.20.2/pkg/apis/stats/v1alpha1/types.go
 */
export interface StatsSummary {
  readonly pods?:
    | readonly (Stats & {
        readonly podRef?: { readonly uid?: string };
        readonly containers?: readonly Stats[] | null;
      })[]
    | null;
}

/** The figures of each pod in a kubelet's summary. Pure. */
export function podReadings({ pods }: StatsSummary): PodReading[] {
  return (pods ?? []).flatMap(({ podRef, containers, ...own }) =>
    podRef?.uid ? [readingOf(podRef.uid, own, containers ?? [])] : [],
  );
}

/** The pod's own figures, which count what its containers share; where there are none (Windows), their sum. */
function readingOf(uid: string, own: Stats, containers: readonly Stats[]): PodReading {
  const figure = (pick: (stats: Stats) => number | null | undefined) => pick(own) ?? sum(containers.map(pick));
  const nanoCores = figure(({ cpu }) => cpu?.usageNanoCores);
  const nanoSeconds = figure(({ cpu }) => cpu?.usageCoreNanoSeconds);
  const memory = figure((stats) => stats.memory?.workingSetBytes);
  const at = Date.parse(own.cpu?.time ?? containers.find(({ cpu }) => cpu?.time)?.cpu?.time ?? '');
  return {
    uid,
    ...(nanoCores !== undefined && { cpu: nanoCores / 1e6 }),
    ...(nanoSeconds !== undefined && !Number.isNaN(at) && { cpuTime: { ms: nanoSeconds / 1e6, at } }),
    ...(memory !== undefined && { memory }),
  };
}

/** Of those that know theirs: a container that has ended has none. */
function sum(figures: readonly (number | null | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined && figure !== null);
  return known.length > 0 ? known.reduce((total, figure) => total + figure, 0) : undefined;
}
