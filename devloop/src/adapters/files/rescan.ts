import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** The file system's times are behind by some milliseconds: a change of just before a moment may be one of after it. */
const slack = 10;

/** Which files count, and which folders need not be entered; absolute paths. */
export interface RescanScope {
  readonly wants: (file: string) => boolean;
  readonly prunes: (folder: string) => boolean;
}

/**
 * Finds what the watcher has not told of: files in folders where something happened that have changed since they were
 * last handed on. It goes by the times that the file system keeps, and enters a folder only when that has changed.
 */
export class Rescan {
  readonly #scope: RescanScope;
  readonly #since: number;
  /** When a file was last handed on. */
  readonly #told = new Map<string, number>();
  /** Files that were handed on and were there at the last look since. */
  readonly #there = new Set<string>();
  readonly #looked = new Map<string, number>();

  /** @param since changes before this time are known, epoch milliseconds */
  constructor(scope: RescanScope, since: number) {
    this.#scope = scope;
    this.#since = since - slack;
  }

  /** These files were handed on. */
  told(files: readonly string[], at: number): void {
    for (const file of files) {
      this.#told.set(file, at - slack);
      // Its end may be what was told.
      this.#there.delete(file);
    }
  }

  /** @param folders absolute. @param now epoch milliseconds. @returns files that have to be handed on */
  async look(folders: Iterable<string>, now: number): Promise<string[]> {
    const found = new Set<string>();
    for (const folder of folders) await this.#lookInto(folder, now, found);
    await this.#lookForGone(folders, found);
    return [...found];
  }

  async #lookInto(folder: string, now: number, found: Set<string>): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    this.#looked.set(folder, now - slack);
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() ? this.#scope.prunes(file) : !this.#scope.wants(file)) continue;
      const stats = await lstat(file).catch(() => undefined);
      if (!stats) continue;
      if (entry.isDirectory()) {
        if (stats.ctimeMs > (this.#looked.get(file) ?? this.#since)) await this.#lookInto(file, now, found);
      } else if (stats.ctimeMs > (this.#told.get(file) ?? this.#since)) found.add(file);
    }
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
