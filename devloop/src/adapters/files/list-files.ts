import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * The files and symbolic links of a tree, by path relative to its root with forward slashes; none when it is missing.
 * @param root an absolute folder
 * @param includes which files count
 * @param prunes which folders need not be entered
 */
export async function listFiles(
  root: string,
  includes: (relative: string) => boolean,
  prunes: (relative: string) => boolean,
  folder = '',
): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(ignoreMissing);
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const relative = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return prunes(relative) ? [] : listFiles(root, includes, prunes, relative);
      return (entry.isFile() || entry.isSymbolicLink()) && includes(relative) ? [relative] : [];
    }),
  );
  return nested.flat();
}

/** Also when a file has taken its place meanwhile. */
function ignoreMissing(error: NodeJS.ErrnoException): Dirent[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}
