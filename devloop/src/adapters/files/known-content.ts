import { lstat } from 'node:fs/promises';
import type { TakenFiles } from '../../engine/outside.ts';
import type { ContentHasher } from './content-hash.ts';

/** The file system's times are behind by some milliseconds. */
const slack = 100;
/** How many files are looked at at once. */
const parallel = 16;
/** Fewer in the beginning: the first build is waiting for the same disk. */
const parallelAtFirst = 4;

/** What is said of a file that was there, but not what it contained: it differs from everything. */
const unknown = 'unknown';
const missing = 'missing';

/**
 * What the project's files contained when they were last handed on, as hashes. A batch is judged by it: a touch, a save
 * of the same, a checkout there and back, and a file that came and went have changed nothing.
 */
export class KnownContent {
  readonly #hasher: ContentHasher;
  readonly #hashes = new Map<string, string>();
  /** When a file had last changed, in content or not; epoch milliseconds. */
  readonly #times = new Map<string, number>();
  #begun: Promise<void> | undefined;

  constructor(hasher: ContentHasher) {
    this.#hasher = hasher;
  }

  /** The files that are known to be there. */
  files(): string[] {
    return [...this.#hashes.keys()];
  }

  /**
   * Reads what is there in the beginning; until that is done, each change of a file counts. Files that a later watch
   * adds are not read: what they contained may be on its way already.
   * @param since epoch milliseconds; of a file that has changed later it is not known what it contained
   */
  begin(files: readonly string[], since: number, signal: AbortSignal): Promise<void> {
    const added = files.filter((file) => !this.#hashes.has(file));
    for (const file of added) this.#hashes.set(file, unknown);
    this.#begun ??= this.#each(added, (file) => this.#readFirst(file, since, signal), parallelAtFirst);
    return this.#begun;
  }

  async #readFirst(file: string, since: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const hash = await this.#hashOf(file);
    const stats = await lstat(file).catch(() => undefined);
    if (!stats || stats.ctimeMs >= since - slack || this.#hashes.get(file) !== unknown) return;
    this.#hashes.set(file, hash);
    this.#times.set(file, stats.ctimeMs);
  }

  /** Those that are not as they were when they were last handed on. */
  async differing(files: readonly string[]): Promise<string[]> {
    await this.#begun;
    const found: string[] = [];
    await this.#each(files, async (file) => {
      if ((await this.#hashOf(file)) !== (this.#hashes.get(file) ?? missing)) found.push(file);
    });
    return found;
  }

  /** Those that are not as they were are handed on now. One save may be in two batches: the second says nothing new. */
  async take(files: readonly string[]): Promise<TakenFiles> {
    const changed = new Set<string>();
    const savedAgain = new Set<string>();
    await this.#each(files, async (file) => {
      const time = (await lstat(file).catch(() => undefined))?.ctimeMs;
      const hash = await this.#hashOf(file);
      const isSame = hash === (this.#hashes.get(file) ?? missing);
      if (!isSame) changed.add(file);
      else if (hash !== missing && time !== this.#times.get(file)) savedAgain.add(file);
      if (hash === missing || time === undefined) this.#forget(file);
      else {
        this.#hashes.set(file, hash);
        this.#times.set(file, time);
      }
    });
    const those = (found: ReadonlySet<string>) => files.filter((file) => found.has(file));
    return { changed: those(changed), savedAgain: those(savedAgain) };
  }

  #forget(file: string): void {
    this.#hashes.delete(file);
    this.#times.delete(file);
  }

  /** What cannot be read differs from what can be. */
  #hashOf(file: string): Promise<string> {
    return this.#hasher.withMode(file).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
  }

  async #each(files: readonly string[], work: (file: string) => Promise<void>, workers = parallel): Promise<void> {
    const rest = files.values();
    const worker = async () => {
      for (const file of rest) await work(file);
    };
    await Promise.all(Array.from({ length: workers }, worker));
  }
}
