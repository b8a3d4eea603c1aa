import { type Dirent, lstatSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** The file system's times are behind by some milliseconds. */
const slack = 10;

/** Which files count, and which folders need not be entered; absolute paths. */
export interface RescanScope {
  readonly wants: (file: string) => boolean;
  readonly prunes: (folder: string) => boolean;
}

/**
 * Finds what the watcher has not told of: files in folders where something happened that have changed since they were
 * last handed on. It goes by the times that the file system keeps, and enters a folder only when that has changed. They
 * are compared with each other: the clock of a shared file system may not be that of this machine.
 */
export class Rescan {
  readonly #scope: RescanScope;
  readonly #since: number;
  /** When a file had changed that was handed on; -1 for one that was not there. */
  readonly #told = new Map<string, number>();
  /** Files that were handed on and were there at the last look since. */
  readonly #there = new Set<string>();
  /** When a folder had changed that was looked into. */
  readonly #looked = new Map<string, number>();

  /** @param since changes before this time are known, epoch milliseconds */
  constructor(scope: RescanScope, since: number) {
    this.#scope = scope;
    this.#since = since - slack;
  }

  /** These files are handed on now. */
  told(files: readonly string[]): void {
    for (const file of files) {
      this.#told.set(file, changeTime(file));
      // Its end may be what is told.
      this.#there.delete(file);
    }
  }

  /** @param folders absolute. @returns files that have to be handed on */
  async look(folders: Iterable<string>): Promise<string[]> {
    const found = new Set<string>();
    for (const folder of folders) await this.#lookInto(folder, found);
    await this.#lookForGone(folders, found);
    return [...found];
  }

  async #lookInto(folder: string, found: Set<string>): Promise<void> {
    this.#looked.set(folder, changeTime(folder));
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() ? this.#scope.prunes(file) : !this.#scope.wants(file)) continue;
      const stats = await lstat(file).catch(() => undefined);
      if (!stats) continue;
      if (entry.isDirectory()) {
        if (this.#isNews(stats.ctimeMs, this.#looked.get(file))) await this.#lookInto(file, found);
      } else if (this.#isNews(stats.ctimeMs, this.#told.get(file))) found.add(file);
    }
  }

  #isNews(time: number, known: number | undefined): boolean {
    return known === undefined ? time > this.#since : time !== known;
  }

  async #lookForGone(folders: Iterable<string>, found: Set<string>): Promise<void> {
    const roots = [...folders].map((folder) => `${folder}${path.sep}`);
    for (const file of this.#told.keys()) {
      if (!roots.some((root) => file.startsWith(root))) continue;
      if (await lstat(file).catch(() => undefined)) this.#there.add(file);
      else if (this.#there.delete(file)) found.add(file);
    }
  }
}

function changeTime(file: string): number {
  try {
    return lstatSync(file).ctimeMs;
  } catch {
    // It is gone, or a file stands where its folder was.
    return -1;
  }
}
