import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process holds of the system. */
export interface HeldThings {
  /** What each handle leads to, without what differs from one to the next; a TCP connection to its peer's port. */
  readonly handles: readonly string[];
  /** Ports, ascending. */
  readonly listeners: readonly number[];
}

interface TcpSocket {
  readonly isListener: boolean;
  readonly local: number;
  readonly peer: number;
}

/** Ports from here on are given to clients by the system. */
const firstOfClients = 32_768;

/** What a process holds now: proc(5), `fd` and `net/tcp`. */
export function heldThings(pid: number): HeldThings {
  const sockets = tcpSockets();
  const names = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  const socketOf = (name: string) => sockets.get(/^socket:\[(\d+)\]$/.exec(name)?.[1] ?? 'none');
  const listeners = names.flatMap((name) => {
    const socket = socketOf(name);
    return socket?.isListener ? [socket.local] : [];
  });
  const handles = names.map((name) => {
    const { peer } = socketOf(name) ?? {};
    if (peer === undefined) return name.replace(/:\[\d+\]$/, '');
    return peer < firstOfClients ? `connection to ${peer}` : 'connection of a client';
  });
  return { handles, listeners: listeners.sort((one, other) => one - other) };
}

/** All of this machine, by inode. */
function tcpSockets(): Map<string, TcpSocket> {
  const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1));
  const portOf = (address: string | undefined) => Number.parseInt(address?.split(':')[1] ?? '', 16);
  return new Map(
    rows.map((row) => {
      const [, local, peer, state, , , , , , inode = ''] = row.trim().split(/\s+/);
      // 0A: TCP_LISTEN
      return [inode, { isListener: state === '0A', local: portOf(local), peer: portOf(peer) }];
    }),
  );
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    // Closed meanwhile.
    return '';
  }
}
