import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { listFiles } from './list-files.ts';

interface Known {
  readonly stamp: string;
  readonly hash: string;
}

/** How many files are read at once. */
const parallel = 16;
/** Milliseconds, with some to spare: Linux' file systems take the time of the last timer interrupt. */
const clockTick = 50;

/**
 * Hashes trees by path, kind, executable bit and content. A file is read again only when its size, times or inode
 * changed, so that a hash after a one-file edit costs a stat of each file and one read.
 */
export class ContentHasher {
  readonly #known = new Map<string, Known>();

  /**
   * @param root an absolute folder
   * @param includes which files count, by path relative to the root with forward slashes
   * @param prunes which folders need not be entered
   */
  async tree(
    root: string,
    includes: (relative: string) => boolean,
    prunes: (relative: string) => boolean,
  ): Promise<string> {
    const files = await listFiles(root, includes, prunes);
    files.sort();
    const hash = createHash('sha256');
    for (let start = 0; start < files.length; start += parallel) {
      const batch = files.slice(start, start + parallel);
      const hashes = await Promise.all(batch.map((relative) => this.file(path.join(root, relative))));
      batch.forEach((relative, index) => {
        hash.update(`${relative}\0${hashes[index]}\0`);
      });
    }
    return hash.digest('hex');
  }

  /** One file or symbolic link; what is neither, or gone by now, hashes as `missing`. */
  async file(absolute: string): Promise<string> {
    return (await this.#look(absolute))?.hash ?? 'missing';
  }

  /** As `file`, but differs by each permission, not only by the executable bit: a live update carries them all. */
  async withMode(absolute: string): Promise<string> {
    const found = await this.#look(absolute);
    return found ? `${found.mode.toString(8)} ${found.hash}` : 'missing';
  }

  async #look(absolute: string): Promise<{ readonly hash: string; readonly mode: bigint } | undefined> {
    try {
      const stats = await lstat(absolute, { bigint: true });
      if (!stats.isFile() && !stats.isSymbolicLink()) return undefined;
      const mode = stats.mode & 0o777n;
      const stamp = `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.mode}`;
      const known = this.#known.get(absolute);
      if (known?.stamp === stamp) return { hash: known.hash, mode };
      const content = stats.isSymbolicLink() ? await readlink(absolute) : await readFile(absolute);
      const kind = stats.isSymbolicLink() ? 'link' : stats.mode & 0o111n ? 'executable' : 'file';
      const hash = createHash('sha256').update(`${kind}\0`).update(content).digest('hex');
      // Of two saves within one tick of the file system's clock, only the content differs.
      if (Date.now() - Number(stats.ctimeMs) > clockTick) this.#known.set(absolute, { stamp, hash });
      return { hash, mode };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
