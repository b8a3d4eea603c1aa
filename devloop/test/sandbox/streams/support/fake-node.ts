import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import type { ExecQuery, LogQuery, NodeAccess } from '../../../../src/sandbox/node/node-access.ts';
import { ApiError } from '../../../../src/sandbox/store/api-error.ts';
import type { Pod } from '../../../../src/sandbox/store/objects.ts';

/** A node whose programs are small real processes, and whose ports are those of this machine. */
export interface FakeNode extends NodeAccess {
  readonly processes: ChildProcess[];
  readonly execs: ExecQuery[];
  readonly logQueries: LogQuery[];
  /** What the next logs are. */
  log: (query: LogQuery) => Readable;
  /** Ports that pods listen on, and the real ones. */
  readonly ports: Map<number, number>;
  readonly end: () => void;
}

export function createFakeNode(): FakeNode {
  const node: FakeNode = {
    processes: [],
    execs: [],
    logQueries: [],
    ports: new Map(),
    log: () => {
      throw new ApiError(400, 'BadRequest', 'container "web" in pod "web-1" is waiting to start: ContainerCreating');
    },
    logs: async (_pod, query) => {
      node.logQueries.push(query);
      return node.log(query);
    },
    exec: async (_pod, query) => {
      node.execs.push(query);
      if (query.container === 'stopped') throw new ApiError(500, 'InternalError', 'container not found ("stopped")');
      const [file = '', ...args] = query.command;
      const child = spawn(file, args, { stdio: 'pipe', detached: true });
      await once(child, 'spawn');
      node.processes.push(child);
      if (!query.stdin) child.stdin.end();
      return {
        ...(query.stdin && { stdin: child.stdin }),
        stdout: child.stdout,
        stderr: child.stderr,
        exit: once(child, 'close').then(([code]) => (code as number | null) ?? 137),
        kill: () => kill(child),
      };
    },
    dial: async (pod: Pod, port: number) => {
      const real = node.ports.get(port);
      const socket = connect({ host: '127.0.0.1', port: real ?? 1, allowHalfOpen: true });
      try {
        await once(socket, 'connect');
      } catch {
        throw new Error(
          `error forwarding port ${port} to pod ${pod.metadata.uid}, uid : dial tcp4 127.0.0.1:${port}: connect: connection refused`,
        );
      }
      return socket;
    },
    addressOf: (_pod, port) => {
      const real = node.ports.get(port);
      return real === undefined ? undefined : { host: '127.0.0.1', port: real };
    },
    stats: async () => ({}),
    end: () => {
      for (const child of node.processes) kill(child);
    },
  };
  return node;
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
