import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { LiveChange } from '../engine/outside.ts';
import type { SyncSpec } from '../model/project.ts';

/**
 * A file or link of this machine as a change; `delete` when it is not there, undefined for a folder, for what is no
 * file (a socket, a device), and for what is reached through a link only: that link is sent.
 * @param file absolute
 * @param target its path in the container
 * @param from the folder above it that is copied; links above that do not count
 */
export async function readChange(file: string, target: string, from = file): Promise<LiveChange | undefined> {
  try {
    if (await hasLinkBetween(from, file)) return undefined;
    const stats = await lstat(file);
    if (stats.isSymbolicLink()) return { kind: 'link', path: target, target: await readlink(file) };
    if (!stats.isFile()) return undefined;
    return { kind: 'file', path: target, mode: stats.mode & 0o777, content: await readFile(file) };
  } catch (error) {
    if (isMissing(error)) return { kind: 'delete', path: target };
    throw error;
  }
}

async function hasLinkBetween(from: string, file: string): Promise<boolean> {
  const names = path.relative(from, file).split(path.sep).slice(0, -1);
  for (const index of names.keys()) {
    if ((await lstat(path.join(from, ...names.slice(0, index + 1)))).isSymbolicLink()) return true;
  }
  return false;
}

/** The files and links that a sync step covers now, absolute and in order; none when its file or folder is missing. */
export async function listSync({ from, ignore: patterns }: SyncSpec): Promise<string[]> {
  const stats = await lstat(from).catch(noneWhenMissing);
  if (!stats?.isDirectory()) return stats && isListed(stats) ? [from] : [];
  const files = await listFolder(from, '', ignore().add([...patterns]));
  return files.sort().map((relative) => path.join(from, relative));
}

async function listFolder(root: string, folder: string, rules: Ignore): Promise<string[]> {
  const entries = (await readdir(path.join(root, folder), { withFileTypes: true }).catch(noneWhenMissing)) ?? [];
  const nested = await Promise.all(
    entries.map((entry) => {
      const relative = folder + entry.name;
      const below = `${relative}/`;
      if (entry.isDirectory()) return rules.ignores(below) ? [] : listFolder(root, below, rules);
      return isListed(entry) && !rules.ignores(relative) ? [relative] : [];
    }),
  );
  return nested.flat();
}

const isListed = (entry: Pick<Stats, 'isFile' | 'isSymbolicLink'>): boolean => entry.isFile() || entry.isSymbolicLink();

/** Also when a folder above it has become a file. */
const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

function noneWhenMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}
