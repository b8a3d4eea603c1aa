import { lstatSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../../model/clock.ts';

/** Milliseconds that chokidar has to tell of a new folder, and to begin to watch one. */
const moment = 50;

/**
 * Sees to it that chokidar watches each folder. chokidar 6.0.0 lets go of one that takes the place of something else at
 * once: of a file or a link (`rm a && mkdir a`), or of another folder, which it goes on watching wherever that went
 * (`mv a b && mv c a`); and under load it passes over a new one now and then. It tells of nothing that is saved there.
 * To be made when chokidar is ready.
 */
export class FolderWatch {
  readonly #watcher: FSWatcher;
  readonly #clock: Clock;
  readonly #isWanted: (folder: string) => boolean;
  readonly #onFound: (folder: string) => unknown;
  readonly #signal: AbortSignal;
  /** The folders that chokidar watches. */
  readonly #known: Map<string, string>;
  #renamed = new Set<string>();

  /**
   * @param isWanted whether a folder is to be watched
   * @param onFound hears of each folder that was not watched, once it is: any file in it may have changed since
   */
  constructor(
    watcher: FSWatcher,
    clock: Clock,
    isWanted: (folder: string) => boolean,
    onFound: (folder: string) => unknown,
    signal: AbortSignal,
  ) {
    this.#watcher = watcher;
    this.#clock = clock;
    this.#isWanted = isWanted;
    this.#onFound = onFound;
    this.#signal = signal;
    this.#known = new Map(Object.keys(watcher.getWatched()).map((folder) => [folder, identityAt(folder)]));
    watcher.on('addDir', (folder) => this.#known.set(folder, identityAt(folder)));
    watcher.on('unlinkDir', (folder) => this.#known.delete(folder));
    watcher.on('raw', (event, name, details) => {
      const { watchedPath } = details as { readonly watchedPath: string };
      if (event !== 'rename' || !name) return;
      if (this.#renamed.size === 0) void this.#lookAtRenamed();
      this.#renamed.add(path.join(watchedPath, name));
    });
  }

  /** Has a folder watched that is not. @param stats of what is there now */
  async check(folder: string, stats: Stats): Promise<void> {
    if (!stats.isDirectory() || this.#known.get(folder) === identityOf(stats) || this.#signal.aborted) return;
    for (const known of this.#known.keys()) if (known.startsWith(`${folder}${path.sep}`)) this.#known.delete(known);
    this.#known.set(folder, identityOf(stats));
    this.#watcher.unwatch(folder);
    this.#watcher.add(folder);
    await this.#clock.sleep(moment, this.#signal);
    if (!this.#signal.aborted) this.#onFound(folder);
  }

  async #lookAtRenamed(): Promise<void> {
    await this.#clock.sleep(moment, this.#signal);
    const paths = [...this.#renamed].filter(this.#isWanted);
    this.#renamed = new Set();
    await Promise.all(
      paths.map(async (file) => {
        const stats = await lstat(file).catch(() => undefined);
        if (stats) await this.check(file, stats);
      }),
    );
  }
}

/** Tells a folder from another in its place. The number alone is given to the next one when it is gone. */
const identityOf = ({ ino, birthtimeMs }: Stats): string => `${ino} ${birthtimeMs}`;

function identityAt(folder: string): string {
  try {
    return identityOf(lstatSync(folder));
  } catch {
    // It is gone again.
    return '';
  }
}
