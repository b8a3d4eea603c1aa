import path from 'node:path';

/** Files and folders by the folder that they are in; absolute paths. */
export class KnownEntries {
  readonly #names = new Map<string, Set<string>>();

  /** Those above it are there then, too. */
  add(entry: string): void {
    for (let at = entry, folder = path.dirname(at); folder !== at; at = folder, folder = path.dirname(at)) {
      const names = this.#names.get(folder);
      if (names?.has(path.basename(at))) return;
      if (names) names.add(path.basename(at));
      else this.#names.set(folder, new Set([path.basename(at)]));
    }
  }

  has(entry: string): boolean {
    return this.#names.get(path.dirname(entry))?.has(path.basename(entry)) ?? false;
  }

  namesIn(folder: string): readonly string[] {
    return [...(this.#names.get(folder) ?? [])];
  }

  /** Forgets an entry with all that is in it. @returns the files among these */
  delete(entry: string): string[] {
    const names = this.#names.get(entry);
    this.#names.get(path.dirname(entry))?.delete(path.basename(entry));
    this.#names.delete(entry);
    return names ? [...names].flatMap((name) => this.delete(path.join(entry, name))) : [entry];
  }
}
