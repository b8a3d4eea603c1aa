import { lstatSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../../model/clock.ts';
import { watchedInodes } from './watched-inodes.ts';

/** Milliseconds that chokidar has to tell of a new folder, and to begin to watch one. */
const moment = 50;

/**
 * Sees to it that chokidar watches each folder. chokidar 6.0.0 lets go of one that takes the place of something else at
 * once: of a file or a link (`rm a && mkdir a`), or of another folder, which it goes on watching wherever that went
 * (`mv a b && mv c a`); and under load it passes over a new one now and then, or closes the watch of one that it goes on
 * listing. It tells of nothing that is saved there. To be made when chokidar is ready.
 */
export class FolderWatch {
  readonly #watcher: FSWatcher;
  readonly #clock: Clock;
  readonly #isWanted: (folder: string) => boolean;
  readonly #onFound: (folder: string) => unknown;
  readonly #signal: AbortSignal;
  /** The folders that chokidar watches, as it says. */
  readonly #known: Map<string, string>;
  /** Whether the system tells which folders are watched: some file systems give it other numbers. */
  readonly #tellsInodes: boolean;
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
    const folders = Object.keys(watcher.getWatched());
    this.#known = new Map(folders.map((folder) => [folder, identityAt(folder)]));
    const inodes = watchedInodes();
    // Not all: the folder above the outermost one is listed, and not watched.
    this.#tellsInodes = folders.some((folder) => inodes.has(statsOf(folder)?.ino ?? 0));
    watcher.on('addDir', (folder) => this.#known.set(folder, identityAt(folder)));
    watcher.on('unlinkDir', (folder) => this.#known.delete(folder));
    watcher.on('raw', (event, name, details) => {
      const { watchedPath } = details as { readonly watchedPath: string };
      if (event !== 'rename' || !name) return;
      if (this.#renamed.size === 0) void this.#lookAtRenamed();
      this.#renamed.add(path.join(watchedPath, name));
    });
  }

  /** Has those of these folders watched that are not; with what is there now. */
  async checkAll(folders: ReadonlyMap<string, Stats>): Promise<void> {
    const inodes = this.#tellsInodes && folders.size > 0 ? watchedInodes() : undefined;
    await Promise.all([...folders].map(([folder, stats]) => this.#check(folder, stats, inodes)));
  }

  async #check(folder: string, stats: Stats, inodes?: ReadonlySet<number>): Promise<void> {
    const isWatched = this.#known.get(folder) === identityOf(stats) && (!inodes || inodes.has(stats.ino));
    if (!stats.isDirectory() || isWatched || this.#signal.aborted) return;
    for (const known of this.#known.keys()) if (known.startsWith(`${folder}${path.sep}`)) this.#known.delete(known);
    this.#known.set(folder, identityOf(stats));
    this.#watcher.unwatch(folder);
    this.#watcher.add(folder);
    await this.#clock.sleep(moment, this.#signal);
    if (!this.#signal.aborted) await this.#onFound(folder);
  }

  async #lookAtRenamed(): Promise<void> {
    await this.#clock.sleep(moment, this.#signal);
    const paths = [...this.#renamed].filter(this.#isWanted);
    this.#renamed = new Set();
    await Promise.all(
      paths.map(async (file) => {
        const stats = await lstat(file).catch(() => undefined);
        if (stats) await this.#check(file, stats);
      }),
    );
  }
}

/** Tells a folder from another in its place. The number alone is given to the next one when it is gone. */
const identityOf = ({ ino, birthtimeMs }: Stats): string => `${ino} ${birthtimeMs}`;

function identityAt(folder: string): string {
  const stats = statsOf(folder);
  return stats ? identityOf(stats) : '';
}

/** Undefined for one that is gone again. */
function statsOf(folder: string): Stats | undefined {
  try {
    return lstatSync(folder);
  } catch {
    return undefined;
  }
}
