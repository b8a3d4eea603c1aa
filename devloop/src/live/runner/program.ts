import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { clearTimeout, setTimeout } from 'node:timers';
import type { RunnerSettings } from './settings.ts';
import type { Standby } from './standby.ts';

/** How long a program has to end for a restart, in milliseconds. */
const patience = 3000;

/** The container's own program: one process at a time. */
export class Program {
  #child: ChildProcess | undefined;
  /** The container is to end; nothing is started any more. */
  #ending = false;
  /** Set while a restart waits for the process to end. */
  #onStopped: ((exitCode: number) => void) | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #restarting: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  readonly #settings: Pick<RunnerSettings, 'program' | 'env' | 'cwd'>;
  readonly #standby: Standby;
  readonly #endLeftovers: () => Promise<void>;
  readonly #onEnd: (exitCode: number, error?: Error) => void;
  readonly #listeners = new Set<() => void>();

  /**
   * @param standby its next process, where one was started ahead
   * @param onEnd hears the exit code when it has ended, and not for a restart: 128+n for a signal; 126 or 127, with the
   * error of the system, when it could not be started
   */
  constructor(
    settings: Pick<RunnerSettings, 'program' | 'env' | 'cwd'>,
    standby: Standby,
    endLeftovers: () => Promise<void>,
    onEnd: (exitCode: number, error?: Error) => void,
  ) {
    this.#settings = settings;
    this.#standby = standby;
    this.#endLeftovers = endLeftovers;
    this.#onEnd = onEnd;
  }

  /** Resolves when it runs. @throws Error of the system when it cannot be started; `onEnd` hears of that too */
  async start(): Promise<void> {
    try {
      await this.#spawn();
    } catch (error) {
      this.#onEnd((error as NodeJS.ErrnoException).code === 'EACCES' ? 126 : 127, error as Error);
      throw error;
    }
  }

  signal(name: NodeJS.Signals): void {
    if (name === 'SIGTERM') {
      this.#ending = true;
      // It now has the time that Kubernetes gives it.
      clearTimeout(this.#killTimer);
    }
    this.#child?.kill(name);
  }

  /** Resolves when the old process has ended and the new one runs. */
  restart(): Promise<void> {
    if (!this.#restarting) {
      this.#restarting = this.#restart().finally(() => {
        this.#restarting = undefined;
      });
      return this.#restarting;
    }
    this.#next ??= this.#restarting
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.restart();
      });
    return this.#next;
  }

  /** Resolves when no restart is under way, whatever became of it. */
  settled(): Promise<void> {
    return (this.#restarting ?? Promise.resolve()).catch(() => undefined);
  }

  /** Calls back once, when the next restart begins; the returned function forgets it. */
  onRestart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #restart(): Promise<void> {
    if (this.#ending) throw new Error('the container is ending');
    const heard = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of heard) listener();
    const exitCode = await this.#stop();
    if (!this.#ending) await this.#endLeftovers();
    if (!this.#ending) return this.start();
    this.#onEnd(exitCode);
    throw new Error('the container is ending');
  }

  async #stop(): Promise<number> {
    const child = this.#child;
    if (!child) throw new Error('the program has ended');
    const ended = new Promise<number>((resolve) => {
      this.#onStopped = resolve;
    });
    child.kill('SIGTERM');
    this.#killTimer = setTimeout(() => child.kill('SIGKILL'), patience);
    const exitCode = await ended;
    clearTimeout(this.#killTimer);
    this.#onStopped = undefined;
    return exitCode;
  }

  #spawn(): Promise<void> {
    const [file = '', ...args] = this.#settings.program;
    const { env, cwd } = this.#settings;
    return new Promise((resolve, reject) => {
      const ready = this.#standby.take();
      const child = ready ?? spawn(file, args, { env, cwd, stdio: 'inherit' });
      this.#child = child;
      if (ready) resolve();
      else child.once('spawn', resolve);
      // After the start it says that a signal was refused: a program that has become another user's.
      child.on('error', reject);
      child.once('exit', (code, signal) => {
        this.#child = undefined;
        (this.#onStopped ?? this.#onEnd)(code ?? 128 + (signal ? constants.signals[signal] : 0));
      });
    });
  }
}
