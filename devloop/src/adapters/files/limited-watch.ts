import type { Stats } from 'node:fs';
import type { Clock } from '../../model/clock.ts';
import { canWatch, limitText } from './watch-limit.ts';

/** Milliseconds between two looks, which take a tenth of the time at the most. */
const pollEvery = 1000;
const pollShare = 10;
/** It is asked so often whether there is room for a watch again. */
const retryEvery = 15_000;

export interface LimitedWatchHandlers {
  /** Looks through everything. @returns the folders that there are */
  readonly look: () => Promise<ReadonlyMap<string, Stats>>;
  /** Has those watched that are not; resolves when it is known whether the system does. @param refused among these */
  readonly watchAll: (folders: ReadonlyMap<string, Stats>, refused: ReadonlySet<string>) => Promise<void>;
  readonly notice: (level: 'info' | 'warning', text: string) => void;
}

/** While the system refuses to watch all folders, everything is looked through again and again. */
export class LimitedWatch {
  readonly #clock: Clock;
  readonly #handlers: LimitedWatchHandlers;
  readonly #signal: AbortSignal;
  #polls = false;
  /** The folders that are not watched. */
  #refused = new Set<string>();

  constructor(clock: Clock, handlers: LimitedWatchHandlers, signal: AbortSignal) {
    this.#clock = clock;
    this.#handlers = handlers;
    this.#signal = signal;
  }

  get isPolling(): boolean {
    return this.#polls;
  }

  /** Takes an error of the watcher. @returns false when it is about no limit */
  refused(error: unknown): boolean {
    const text = limitText(error);
    const { path = '' } = error as { readonly path?: string };
    if (text === undefined) return false;
    this.#refused.add(path);
    if (this.#polls || this.#signal.aborted) return true;
    this.#polls = true;
    this.#handlers.notice('warning', text);
    void this.#poll();
    return true;
  }

  async #poll(): Promise<void> {
    let triedAt = this.#clock.now();
    let wait = pollEvery;
    while (this.#refused.size > 0) {
      await this.#clock.sleep(wait, this.#signal);
      if (this.#signal.aborted) return;
      const began = this.#clock.now();
      const folders = await this.#handlers.look();
      wait = Math.max(pollEvery, (this.#clock.now() - began) * pollShare);
      if (began - triedAt < retryEvery) continue;
      triedAt = began;
      const one = [...this.#refused].find((folder) => folders.has(folder));
      if (one !== undefined && !canWatch(one)) continue;
      const refused = this.#refused;
      this.#refused = new Set();
      await this.#handlers.watchAll(folders, refused);
    }
    this.#polls = false;
    this.#handlers.notice('info', 'All files are watched again.');
  }
}
