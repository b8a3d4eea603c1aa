import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { RunnerSettings } from './settings.ts';

/** What a process that stands by is told. */
export interface StandbyOrder {
  /** The program's own NODE_OPTIONS; null when it has none. */
  readonly options: string | null;
  /** A module to load ahead; empty for none. */
  readonly ahead: string;
}

/** Beside the bundled runner. */
const preload = path.join(__dirname, 'standby.cjs');
/** Bytes that a container with a limit has to have left. */
const memoryNeeded = 160 * 1024 * 1024;
/** These watch, stop or listen before the program begins, which two processes cannot do at once. */
const unfit = /--(inspect|watch|test|cpu-prof|heap-prof|prof|eval|print)\b|^-[ep]$/;

/** The next process of a program on Node, started ahead: a restart then costs only the program's own start. */
export class Standby {
  readonly #settings: Pick<RunnerSettings, 'program' | 'env' | 'cwd'>;
  #child: ChildProcess | undefined;

  constructor(settings: Pick<RunnerSettings, 'program' | 'env' | 'cwd'>) {
    this.#settings = settings;
  }

  /** The id of the process that stands by. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts it, unless it is there, or the program or the container's memory does not allow it.
   * @param ahead a module that it loads meanwhile, relative to the program's folder; empty for none
   */
  prepare(ahead: string): void {
    const { program, env, cwd } = this.#settings;
    const [file = '', ...args] = program;
    const options = env['NODE_OPTIONS'];
    const isNode = /(^|\/)node$/.test(file);
    if (this.#child || !isNode || [...args, ...(options ?? '').split(' ')].some((word) => unfit.test(word))) return;
    if (memoryLeft() < memoryNeeded) return;
    const order: StandbyOrder = { options: options ?? null, ahead };
    const child = spawn(file, args, {
      cwd,
      env: {
        ...env,
        NODE_OPTIONS: [options, `--require=${preload}`].filter(Boolean).join(' '),
        DEVLOOP_STANDBY: JSON.stringify(order),
      },
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    });
    this.#child = child;
    child.once('exit', () => this.#forget(child));
    child.on('error', () => this.#forget(child));
  }

  /** The process, on its way into the program; undefined when none stood by. */
  take(): ChildProcess | undefined {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return undefined;
    this.#forget(child);
    const turn = child.stdio[3] as Writable;
    turn.on('error', () => undefined);
    turn.end('g');
    return child;
  }

  /** Ends the process that stands by. */
  end(): void {
    this.#child?.kill('SIGKILL');
  }

  #forget(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
  }
}

/** Bytes that the container's limit leaves; Infinity where there is none. https://docs.kernel.org/admin-guide/cgroup-v2.html#memory */
function memoryLeft(): number {
  const numberIn = (name: string) => Number.parseInt(fs.readFileSync(`/sys/fs/cgroup/${name}`, 'utf8'), 10);
  for (const [limit, used] of [
    ['memory.max', 'memory.current'],
    ['memory/memory.limit_in_bytes', 'memory/memory.usage_in_bytes'],
  ] as const) {
    try {
      const left = numberIn(limit) - numberIn(used);
      return Number.isNaN(left) ? Number.POSITIVE_INFINITY : left;
    } catch {
      // The other version of cgroups, or none.
    }
  }
  return Number.POSITIVE_INFINITY;
}
