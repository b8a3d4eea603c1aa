import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process holds of the system. */
export interface HeldThings {
  /** What each handle leads to; sockets and pipes without their numbers. */
  readonly handles: readonly string[];
  /** Ports, ascending. */
  readonly listeners: readonly number[];
}

/** What a process holds now: proc(5), `fd` and `net/tcp`. */
export function heldThings(pid: number): HeldThings {
  const names = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  const inodes = new Set(names.map((name) => /^socket:\[(\d+)\]$/.exec(name)?.[1]));
  const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1));
  const listeners = rows.flatMap((row) => {
    const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
    // 0A: TCP_LISTEN
    return state === '0A' && inodes.has(inode) ? [Number.parseInt(local?.split(':')[1] ?? '', 16)] : [];
  });
  const handles = names.map((name) => name.replace(/:\[\d+\]$/, ''));
  return { handles, listeners: listeners.sort((one, other) => one - other) };
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    // Closed meanwhile.
    return '';
  }
}
