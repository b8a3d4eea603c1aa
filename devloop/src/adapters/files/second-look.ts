import type { Stats } from 'node:fs';
import type { Clock } from '../../model/clock.ts';
import { Rescan } from './rescan.ts';
import type { WatchScope } from './watch-scope.ts';

/** It is looked whether an event was lost so many milliseconds after the last one, and that long after the first. */
const restMs = 400;
const maxMs = 2000;
/** chokidar's own word may still be on its way. */
const confirmMs = 100;

export interface SecondLookHandlers {
  /** A file that was not told of. */
  readonly missed: (file: string) => void;
  /** The folders that a look has come by. */
  readonly passed: (folders: ReadonlyMap<string, Stats>) => Promise<void>;
}

/** Under load chokidar loses some of what the system tells: the folders where something happened are looked through. */
export class SecondLook {
  readonly #rescan: Rescan;
  readonly #scope: WatchScope;
  readonly #clock: Clock;
  readonly #handlers: SecondLookHandlers;
  readonly #signal: AbortSignal;
  #touched = new Set<string>();
  #passed = new Map<string, Stats>();
  #cancel = () => {};
  #by: number | undefined;

  constructor(scope: WatchScope, clock: Clock, handlers: SecondLookHandlers, signal: AbortSignal) {
    this.#scope = scope;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#signal = signal;
    const passes = (folder: string, stats: Stats) => this.#passed.set(folder, stats);
    const prunes = (folder: string) => scope.prunes(folder, true);
    this.#rescan = new Rescan({ wants: scope.wants, prunes, passes }, Date.now());
    signal.addEventListener('abort', () => this.#cancel());
  }

  /** @param watched names by folder, in the beginning */
  began(watched: Readonly<Record<string, readonly string[]>>): void {
    for (const [folder, names] of Object.entries(watched)) this.#rescan.began(folder, names);
  }

  /** These files are handed on now. */
  told(files: readonly string[]): void {
    this.#rescan.told(files);
  }

  isTold(file: string): boolean {
    return this.#rescan.isTold(file);
  }

  /** Something happened in a folder: it is looked through soon. */
  touch(folder: string): void {
    this.#touched.add(folder);
    this.#by ??= this.#clock.now() + maxMs;
    this.#cancel();
    const left = this.#by - this.#clock.now();
    this.#cancel = this.#clock.after(Math.max(0, Math.min(restMs, left)), () => void this.look());
  }

  /** Looks through the touched folders now. */
  async look(): Promise<void> {
    const folders = this.#touched;
    this.#cancel();
    this.#touched = new Set();
    this.#by = undefined;
    const found = await this.#rescan.look([...folders].filter((folder) => !this.#scope.prunes(folder, true)));
    const passed = this.#passed;
    this.#passed = new Map();
    await Promise.all([this.#handlers.passed(passed), this.#tellMissed(found, folders)]);
  }

  async #tellMissed(found: readonly string[], folders: ReadonlySet<string>): Promise<void> {
    if (found.length === 0) return;
    await this.#clock.sleep(confirmMs, this.#signal);
    const missed = found.filter((file) => !this.isTold(file));
    if (missed.length === 0 || this.#signal.aborted) return;
    for (const file of missed) this.#handlers.missed(file);
    // What is found may be half of it.
    for (const folder of folders) this.touch(folder);
  }
}
