import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { statFields } from './process-groups.ts';

export interface GroupUsage {
  /** Nanoseconds of a core since the processes started. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

interface Process {
  readonly parent: number;
  readonly group: number;
  readonly cpu: number;
}

/** Linux counts processor time for programs in hundredths of a second, whatever its own clock does. */
const nanosecondsPerTick = 10_000_000;

/**
 * What process groups use now, with what their processes have started in groups of their own. Groups without a process
 * are left out; where there is no /proc, all are.
 */
export function usageByGroup(groups: ReadonlySet<number>): Map<number, GroupUsage> {
  const usage = new Map<number, GroupUsage>();
  if (platform() !== 'linux' || groups.size === 0) return usage;
  const processes = readProcesses();
  for (const [pid, { cpu }] of processes) {
    const group = groupOf(pid, processes, groups);
    if (group === undefined) continue;
    const before = usage.get(group) ?? { cpu: 0, memory: 0 };
    usage.set(group, { cpu: before.cpu + cpu, memory: before.memory + residentBytes(pid) });
  }
  return usage;
}

function readProcesses(): Map<number, Process> {
  const processes = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? statFields(name) : undefined;
    if (!fields) continue;
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, counted from the third field. The times of children that
    // have ended (cutime, cstime) are part of it: a shell that runs one program after the other uses next to nothing itself.
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
    processes.set(Number(name), {
      parent: Number(fields[1]),
      group: Number(fields[2]),
      cpu: ticks * nanosecondsPerTick,
    });
  }
  return processes;
}

/** The one of the groups that the process is in, or that one of those which led to its start is in. */
function groupOf(
  pid: number,
  processes: ReadonlyMap<number, Process>,
  groups: ReadonlySet<number>,
): number | undefined {
  for (let found = processes.get(pid); found; found = processes.get(found.parent)) {
    if (groups.has(found.group)) return found.group;
  }
  return undefined;
}

/** Said in kB there: how long a page of memory is differs between machines. */
function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
