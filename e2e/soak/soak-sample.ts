import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { heldThings } from '../faults/held-things.ts';

/** What devloop takes at one moment. */
export interface Sample {
  /** Seconds since the begin. */
  readonly at: number;
  /** Resident, MB. */
  readonly memory: number;
  /** Open files and sockets. */
  readonly handles: number;
  readonly listeners: number;
  /** Its own and those that it has started. */
  readonly processes: number;
  /** Of `.devloop`, KB. */
  readonly state: number;
  /** Of the logs in it, KB. */
  readonly logs: number;
  /** Of what it has put where temporary files go, KB. */
  readonly temporary: number;
  /** Of the project's services, in the daemon. */
  readonly images: number;
}
export type Measure = Exclude<keyof Sample, 'at'>;

/** By how much a measure may rise in the second half of a run, given its median there. */
export const allowedRise: Readonly<Record<Measure, (usual: number) => number>> = {
  // The rest of what V8 has let grow and not looked at again.
  memory: (usual) => Math.max(10, usual * 0.05),
  // A few connections are kept for the next request, and closed some time after.
  handles: () => 6,
  listeners: () => 0,
  processes: () => 0,
  state: () => 50,
  logs: () => 50,
  temporary: () => 50,
  images: () => 2,
};

/** @param folder of the project; @param temporary where its temporary files go */
export function takeSample(
  pid: number,
  { folder, temporary }: { readonly folder: string; readonly temporary: string },
): Omit<Sample, 'at' | 'processes' | 'images'> {
  const { handles, listeners } = heldThings(pid);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    memory: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    handles: handles.length,
    listeners: listeners.length,
    state: sizeOf(path.join(folder, '.devloop')),
    logs: sizeOf(path.join(folder, '.devloop/logs')),
    temporary: sizeOf(temporary),
  };
}

/** KB of the files below a folder; none when it is not there. */
function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true }).map(bytesOf);
  return bytes.reduce((sum, one) => sum + one, 0) / 1024;
}

const bytesOf = (entry: Dirent): number =>
  entry.isFile() ? (lstatSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0) : 0;
