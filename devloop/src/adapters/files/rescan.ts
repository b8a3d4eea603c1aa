import { type Dirent, lstatSync, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { KnownEntries } from './known-entries.ts';

/** The file system's times are behind by some milliseconds. */
const slack = 10;

/** Which files count, and which folders need not be entered; absolute paths. */
export interface RescanScope {
  readonly wants: (file: string) => boolean;
  readonly prunes: (folder: string) => boolean;
  /** Hears of each folder that a look comes by. */
  readonly passes: (folder: string, stats: Stats) => void;
}

/**
 * Finds what the watcher has not told of: files in folders where something happened that are new, gone, or have changed
 * since they were last handed on. It goes by the times that the file system keeps, and enters a folder only when that
 * has changed. They are compared with each other: the clock of a shared file system may not be that of this machine.
 */
export class Rescan {
  readonly #scope: RescanScope;
  readonly #since: number;
  readonly #there = new KnownEntries();
  /** When a file had changed that was handed on. */
  readonly #told = new Map<string, number>();
  /** When a folder had changed that was looked into. */
  readonly #looked = new Map<string, number>();

  /** @param since changes before this time of what is there in the beginning are known, epoch milliseconds */
  constructor(scope: RescanScope, since: number) {
    this.#scope = scope;
    this.#since = since - slack;
  }

  /** @param names files and folders that are in the folder in the beginning */
  began(folder: string, names: readonly string[]): void {
    for (const name of names) this.#there.add(path.join(folder, name));
  }

  /** These files are handed on now. */
  told(files: readonly string[]): void {
    for (const file of files) {
      const stats = lookAt(file);
      this.#told.set(file, stats?.ctimeMs ?? gone);
      if (stats?.isDirectory()) continue;
      // Its end may be what is told, or that of a folder which it has taken the place of.
      this.#there.delete(file);
      if (stats) this.#there.add(file);
    }
  }

  /** Is a file as it was when it was handed on? */
  isTold(file: string): boolean {
    return this.#told.get(file) === (lookAt(file)?.ctimeMs ?? gone);
  }

  /** @param folders absolute. @returns files that have to be handed on */
  async look(folders: Iterable<string>): Promise<string[]> {
    const found = new Set<string>();
    for (const folder of folders) await this.#lookInto(folder, found);
    return [...found];
  }

  async #lookInto(folder: string, found: Set<string>): Promise<void> {
    this.#looked.set(folder, lookAt(folder)?.ctimeMs ?? gone);
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    this.#findGone(folder, entries, found);
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() ? this.#scope.prunes(file) : !this.#scope.wants(file)) continue;
      const stats = await lstat(file).catch(() => undefined);
      if (!stats) continue;
      if (entry.isDirectory()) {
        this.#scope.passes(file, stats);
        const isNew = this.#isNews(file, stats.ctimeMs, this.#looked);
        this.#there.add(file);
        if (isNew) await this.#lookInto(file, found);
      } else if (this.#isNews(file, stats.ctimeMs, this.#told)) found.add(file);
    }
  }

  #findGone(folder: string, entries: readonly Dirent[], found: Set<string>): void {
    const kinds = new Map(entries.map((entry) => [entry.name, entry]));
    for (const name of this.#there.namesIn(folder)) {
      const file = path.join(folder, name);
      const wasFolder = this.#there.namesIn(file).length > 0;
      const now = kinds.get(name);
      if (now && (!wasFolder || now.isDirectory())) continue;
      for (const left of this.#there.delete(file)) if (this.#scope.wants(left)) found.add(left);
    }
  }

  #isNews(entry: string, time: number, known: ReadonlyMap<string, number>): boolean {
    const before = known.get(entry);
    if (before !== undefined) return time !== before;
    // What a renamed folder has brought is older than that.
    return !this.#there.has(entry) || time > this.#since;
  }
}

/** The time of what is not there. */
const gone = -1;

function lookAt(file: string): Stats | undefined {
  try {
    return lstatSync(file);
  } catch {
    return undefined;
  }
}
