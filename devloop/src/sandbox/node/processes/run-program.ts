import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { NodeContext } from '../node-context.ts';
import { findProgram, StartError } from './find-program.ts';
import { signalGroup, signalProcess } from './process-groups.ts';

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
  /**
   * The exit code, 128+n after a signal; resolves after everything of the group has ended and the streams are read. It
   * rejects when the table of processes could not be written.
   */
  readonly exit: Promise<number>;
  /** SIGKILL ends all of the group; any other signal is for the first process alone, as a container runtime sends it. */
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** What a program that has left its group may hold a stream open after the first process has ended. Milliseconds. */
const streamGrace = 1000;

/** @throws StartError; another Error when this machine cannot start a program now */
export async function runProgram(
  { argv, env, folder, stdin }: Program,
  { processes, clock, nodeProgram }: Pick<NodeContext, 'processes' | 'clock' | 'nodeProgram'>,
): Promise<RunningProgram> {
  const [name = '', ...args] = argv;
  if (!name) throw new StartError(127, 'exec: "": executable file not found in $PATH');
  const file = name === 'node' ? nodeProgram : findProgram(name, env['PATH'] ?? '', folder);
  const child = await started(name, file, args, {
    argv0: name,
    cwd: folder,
    env: { ...env },
    detached: true,
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
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
  // Not awaited: what it says until somebody listens would be lost.
  const added = processes.add(pid).catch((error: unknown) => {
    // One that the table does not have would outlive a devloop that is killed.
    signalGroup(pid, 'SIGKILL');
    return { error };
  });
  return {
    pid,
    stdin: child.stdin ?? undefined,
    stdout,
    stderr,
    exit: exit.then(async (code) => {
      const failed = await added;
      if (failed) throw failed.error;
      await processes.remove(pid);
      return code;
    }),
    signal: (signal) => void (signal === 'SIGKILL' ? signalGroup(pid, signal) : signalProcess(pid, signal)),
  };
}

function started(name: string, file: string, args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
  return new Promise<ChildProcess>((resolve, reject) => {
    // Node throws at once for what no system takes, such as a NUL in an argument.
    const child = spawn(file, args, options);
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  }).catch((error: NodeJS.ErrnoException) => {
    const why = reasons[error.code ?? ''];
    if (why === undefined) throw error;
    throw new StartError(error.code === 'ENOENT' ? 127 : 126, `exec: "${name}": ${why}`);
  });
}

/** What is the program's own fault, in Go's words; all else, such as too many processes, passes. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  ENOEXEC: 'exec format error',
  E2BIG: 'argument list too long',
  ERR_INVALID_ARG_VALUE: 'invalid argument',
};
