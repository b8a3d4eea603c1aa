import { readdir } from 'node:fs/promises';
import os from 'node:os';
import { nodeName } from './node-context.ts';
import type { PodWorkers } from './pods/pod-workers.ts';
import { statFields } from './processes/process-groups.ts';

interface Usage {
  /** Nanoseconds of a core. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

/** Linux counts processor time in hundredths of a second for programs, and memory in pages of 4 KiB on the machines devloop runs on. */
const nanosecondsPerTick = 10_000_000;
const pageSize = 4096;

/** What each process group uses now; empty where there is no /proc. */
async function usageByGroup(): Promise<Map<number, Usage>> {
  const groups = new Map<number, Usage>();
  const names = os.platform() === 'linux' ? await readdir('/proc') : [];
  for (const name of names) {
    const fields = /^\d+$/.test(name) ? statFields(name) : undefined;
    if (!fields) continue;
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, counted from the third field: the times of children that
    // have ended (cutime, cstime) are part of the group's.
    const group = Number(fields[2]);
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
    const before = groups.get(group) ?? { cpu: 0, memory: 0 };
    groups.set(group, {
      cpu: before.cpu + ticks * nanosecondsPerTick,
      memory: before.memory + Number(fields[21] ?? 0) * pageSize,
    });
  }
  return groups;
}

/** Makes what `/stats/summary` of a kubelet says; the rate of a container is known from the second time on. */
export function createStats(pods: PodWorkers, now: () => number): () => Promise<unknown> {
  let last = new Map<number, { readonly cpu: number; readonly at: number }>();
  return async () => {
    const usage = await usageByGroup();
    const at = now();
    const time = new Date(at).toISOString();
    const seen = new Map<number, { readonly cpu: number; readonly at: number }>();
    const containerStats = ({ name, group, since }: { name: string; group: number; since: string | undefined }) => {
      const used = usage.get(group);
      if (!used) return { name, startTime: since };
      seen.set(group, { cpu: used.cpu, at });
      const before = last.get(group);
      const rate = before && at > before.at ? Math.max(0, ((used.cpu - before.cpu) * 1000) / (at - before.at)) : 0;
      return {
        name,
        startTime: since,
        cpu: { time, usageNanoCores: Math.round(rate), usageCoreNanoSeconds: used.cpu },
        memory: { time, usageBytes: used.memory, workingSetBytes: used.memory, rssBytes: used.memory },
      };
    };
    const summary = {
      node: { nodeName },
      pods: pods.all().map((worker) => {
        const { name, namespace, uid } = worker.pod.metadata;
        const containers = worker.groups().map(containerStats);
        return { podRef: { name, namespace, uid }, startTime: worker.pod.status?.startTime, containers };
      }),
    };
    last = seen;
    return summary;
  };
}
