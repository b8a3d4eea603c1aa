import type { Stats } from 'node:fs';
import type { Clock } from '../../model/clock.ts';
import { canWatch, limitText } from './watch-limit.ts';

/** Milliseconds between two looks, which leave three times as long as they take, but not longer than that. */
const pollEvery = 1000;
const pollShare = 3;
const pollAtLeastEvery = 10_000;
/** It is asked so often whether there is room for a watch again. */
const retryEvery = 15_000;

export interface LimitedWatchHandlers {
  /** Looks through everything. @returns the folders that there are */
  readonly look: () => Promise<ReadonlyMap<string, Stats>>;
  /** There is room for a watch again: begins anew, which ends this. @throws when that cannot be done */
  readonly renew: () => Promise<unknown>;
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
    while (!this.#signal.aborted) {
      await this.#clock.sleep(wait, this.#signal);
      if (this.#signal.aborted) return;
      const began = this.#clock.now();
      const folders = await this.#handlers.look();
      wait = Math.min(Math.max(pollEvery, (this.#clock.now() - began) * pollShare), pollAtLeastEvery);
      if (began - triedAt < retryEvery) continue;
      triedAt = began;
      const refused = [...this.#refused].find((folder) => folders.has(folder));
      if (refused === undefined || canWatch(refused)) await this.#handlers.renew().catch(() => {});
    }
  }
}
