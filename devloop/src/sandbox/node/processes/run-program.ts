import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { NodeContext } from '../node-context.ts';
import { findProgram, StartError } from './find-program.ts';
import { signalGroup } from './process-groups.ts';

export interface Program {
  /** Program and arguments; at least one. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, and there. */
  readonly folder: string;
  readonly stdin: boolean;
}

/** A program in a process group of its own. */
export interface RunningProgram {
  /** The id of the process and of its group. */
  readonly pid: number;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The exit code, 128+n after a signal; resolves after everything of the group has ended and the streams are read. */
  readonly exit: Promise<number>;
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** What a program that has left its group may hold a stream open after the first process has ended. Milliseconds. */
const streamGrace = 1000;

/** @throws StartError */
export async function runProgram(
  { argv, env, folder, stdin }: Program,
  { processes, clock, nodeProgram, spawnTurn }: Pick<NodeContext, 'processes' | 'clock' | 'nodeProgram' | 'spawnTurn'>,
): Promise<RunningProgram> {
  const [name = '', ...args] = argv;
  if (!name) throw new StartError(127, 'exec: "": executable file not found in $PATH');
  const file = name === 'node' ? nodeProgram : findProgram(name, env['PATH'] ?? '', folder);
  await spawnTurn();
  const child = spawn(file, args, {
    argv0: name,
    cwd: folder,
    env: { ...env },
    detached: true,
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => reject(startError(name, error)));
  });
  const { pid, stdout, stderr } = child;
  if (pid === undefined || !stdout || !stderr) throw new StartError(126, `exec: "${name}": no process`);
  // A program that does not read its input ends a write with EPIPE, which is nobody's error here.
  child.stdin?.on('error', () => {});
  child.on('error', () => {});
  const exit = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => {
      // A container ends with its first process.
      signalGroup(pid, 'SIGKILL');
      const cancel = clock.after(streamGrace, () => {
        stdout.destroy();
        stderr.destroy();
      });
      child.once('close', () => {
        cancel();
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
      });
    });
  });
  const added = processes.add(pid);
  return {
    pid,
    stdin: child.stdin ?? undefined,
    stdout,
    stderr,
    exit: exit.then(async (code) => {
      await added;
      await processes.remove(pid);
      return code;
    }),
    signal: (signal) => void signalGroup(pid, signal),
  };
}

function startError(name: string, { code }: NodeJS.ErrnoException): StartError {
  if (code === 'ENOENT') return new StartError(127, `exec: "${name}": no such file or directory`);
  if (code === 'EACCES') return new StartError(126, `exec: "${name}": permission denied`);
  return new StartError(126, `exec: "${name}": exec format error`);
}
