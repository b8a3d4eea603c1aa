import { mkdir, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Mount } from './mounts.ts';

/**
 * Makes the folders that only exist because something is mounted below them: a container that has `/conf/app.json` mounted
 * may list `/conf`. Folders that this machine has stand for themselves.
 * @param folder absolute; it is made anew
 * @returns the topmost of those folders, and what stands for each
 */
export async function makeParents(folder: string, mounts: readonly Mount[]): Promise<Mount[]> {
  await rm(folder, { recursive: true, force: true });
  const made = new Map<string, Mount>();
  const all = mounts.map(({ mountPath, source }) => ({ mountPath: path.posix.resolve('/', mountPath), source }));
  const covered = (place: string) => all.some(({ mountPath }) => `${place}/`.startsWith(`${mountPath}/`));
  for (const { mountPath, source } of all) {
    const names = mountPath.split('/').filter(Boolean);
    const above = names.slice(0, -1).map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
    const top = await firstMissing(above);
    if (top === undefined || covered(path.posix.dirname(mountPath))) continue;
    const place = path.join(folder, encodeURIComponent(top));
    const link = path.join(place, path.posix.relative(top, mountPath));
    await mkdir(path.dirname(link), { recursive: true, mode: 0o700 });
    await symlink(source, link);
    made.set(top, { mountPath: top, source: place });
  }
  return [...made.values()];
}

async function firstMissing(paths: readonly string[]): Promise<string | undefined> {
  for (const place of paths) {
    const found = await stat(place).catch(() => undefined);
    if (!found) return place;
  }
  return undefined;
}
