import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../../model/clock.ts';

/** Milliseconds that chokidar has to tell of a new folder, and to begin to watch one. */
const moment = 50;

/**
 * chokidar 6.0.0 lets go of a folder that takes the place of a file or a link at once (`rm a && mkdir a`): it tells of
 * nothing that is saved there later. Has it watch such folders. To be called when chokidar is ready.
 * @param isWanted whether a folder is to be watched
 * @param onFound hears of each such folder once it is watched: any file in it may have changed since
 */
export function watchReplaced(
  watcher: FSWatcher,
  clock: Clock,
  isWanted: (folder: string) => boolean,
  onFound: (folder: string) => unknown,
  signal: AbortSignal,
): void {
  const known = new Set(Object.keys(watcher.getWatched()));
  let renamed = new Set<string>();
  watcher.on('addDir', (folder) => known.add(folder));
  watcher.on('unlinkDir', (folder) => known.delete(folder));
  watcher.on('raw', (event, name, details) => {
    const { watchedPath } = details as { readonly watchedPath: string };
    if (event !== 'rename' || !name) return;
    if (renamed.size === 0) void lookAtRenamed();
    renamed.add(path.join(watchedPath, name));
  });

  async function lookAtRenamed(): Promise<void> {
    await clock.sleep(moment, signal);
    const paths = [...renamed];
    renamed = new Set();
    await Promise.all(paths.filter((file) => !known.has(file) && isWanted(file)).map(lookAt));
  }

  async function lookAt(file: string): Promise<void> {
    const stats = await lstat(file).catch(() => undefined);
    if (!stats?.isDirectory() || known.has(file) || signal.aborted) return;
    known.add(file);
    watcher.unwatch(file);
    watcher.add(file);
    await clock.sleep(moment, signal);
    if (!signal.aborted) onFound(file);
  }
}
