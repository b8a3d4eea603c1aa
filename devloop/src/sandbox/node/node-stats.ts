import { nodeName } from './node-context.ts';
import type { PodWorkers } from './pods/pod-workers.ts';
import { usageByGroup } from './processes/group-usage.ts';

/** A container's processor time when it was read, and how fast it was used since it was read before. */
interface Reading {
  readonly cpu: number;
  readonly at: number;
  readonly nanoCores?: number;
}

/** Rates over less than this say more of the machine's clock than of the container. Milliseconds. */
const shortestMs = 1000;

/**
 * Makes what `/stats/summary` of a kubelet says of the pods' processors and memory; the rate of a container is known
 * from the second time on. A container of which this machine says nothing has no figures.
 */
export function createStats(pods: PodWorkers, now: () => number): () => Promise<unknown> {
  let readings = new Map<number, Reading>();
  return async () => {
    const workers = pods.all().map((worker) => ({ worker, groups: worker.groups() }));
    const usage = usageByGroup(new Set(workers.flatMap(({ groups }) => groups.map(({ group }) => group))));
    const at = now();
    const seen = new Map<number, Reading>();
    const containerStats = ({ name, group, since }: { name: string; group: number; since: string | undefined }) => {
      const used = usage.get(group);
      if (!used) return { name, startTime: since };
      const reading = nextReading(readings.get(group), used.cpu, at);
      seen.set(group, reading);
      const time = new Date(reading.at).toISOString();
      const rate = reading.nanoCores === undefined ? {} : { usageNanoCores: reading.nanoCores };
      return {
        name,
        startTime: since,
        cpu: { time, ...rate, usageCoreNanoSeconds: reading.cpu },
        memory: { time, usageBytes: used.memory, workingSetBytes: used.memory, rssBytes: used.memory },
      };
    };
    const summary = {
      node: { nodeName },
      pods: workers.map(({ worker, groups }) => {
        const { name, namespace, uid } = worker.pod.metadata;
        const containers = groups.map(containerStats);
        return { podRef: { name, namespace, uid }, startTime: worker.pod.status?.startTime, containers };
      }),
    };
    readings = seen;
    return summary;
  };
}

function nextReading(before: Reading | undefined, cpu: number, at: number): Reading {
  if (!before) return { cpu, at };
  if (at - before.at < shortestMs) return before;
  // Less than before: the group's number was given to another container.
  return cpu < before.cpu ? { cpu, at } : { cpu, at, nanoCores: nanoCoresOf(before, cpu, at) };
}

const nanoCoresOf = (before: Reading, cpu: number, at: number): number =>
  Math.round(((cpu - before.cpu) * 1000) / (at - before.at));
