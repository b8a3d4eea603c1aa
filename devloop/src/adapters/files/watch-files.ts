import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { watch } from 'chokidar';
import type { ChangedFiles } from '../../engine/outside.ts';
import type { Clock } from '../../model/clock.ts';
import { environmentFault, messageOf } from '../../model/errors.ts';
import type { ProjectSpec } from '../../model/project.ts';
import { createBatcher } from './batcher.ts';
import { contextFilter, ignoreFileOf } from './docker-ignore.ts';
import { FolderWatch } from './folder-watch.ts';
import { createGitIgnore } from './git-ignore.ts';
import { listFiles } from './list-files.ts';
import { Rescan } from './rescan.ts';

/** It is looked whether an event was lost so many milliseconds after the last one, and that long after the first. */
const rescanRest = 400;
const rescanMax = 2000;
/** chokidar's own word may still be on its way. */
const confirmMs = 100;

/** Watches what the project is made of; resolves once every folder is watched, so that no later save is missed. */
export async function watchFiles(
  project: ProjectSpec,
  clock: Clock,
  onBatch: (batch: ChangedFiles) => void,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const scope = createWatchScope(project);
  const isFolderWanted = (folder: string) => !scope.prunes(folder, true);
  let folderWatch: FolderWatch | undefined;
  let passed = new Map<string, Stats>();
  const rescan = new Rescan(
    {
      wants: scope.wants,
      prunes: (folder) => !isFolderWanted(folder),
      passes: (folder, stats) => passed.set(folder, stats),
    },
    Date.now(),
  );
  const batcher = createBatcher(
    () => project.watch,
    clock,
    (batch) => {
      rescan.told(batch.files);
      onBatch(batch);
    },
  );
  const watcher = watch([...scope.roots], {
    ignored: (file, stats) =>
      stats?.isFile() ? !scope.wants(file) : scope.prunes(file, stats?.isDirectory() ?? false),
    ignoreInitial: true,
    atomic: false,
    followSymlinks: false,
  });
  watcher.on('all', (event, file) => {
    if (event !== 'addDir' && event !== 'unlinkDir' && scope.wants(file)) batcher.add(file);
  });
  // chokidar itself passes over a change of nothing but the mode, which an image has too.
  watcher.on('raw', (event, name, details) => {
    const { watchedPath } = details as { readonly watchedPath: string };
    const file = path.join(watchedPath, name ?? '');
    if (event === 'change' && scope.wants(file)) void addIfFile(file);
  });
  // Under load chokidar loses some of what the system tells: the folders where something happened are looked through.
  let touched = new Set<string>();
  watcher.on('raw', (_event, name, details) => {
    const { watchedPath } = details as { readonly watchedPath: string };
    const entry = path.join(watchedPath, name ?? '');
    // A log that is written all the time would put the look off for ever.
    if (scope.wants(entry) || isFolderWanted(entry)) touch(path.dirname(entry));
  });
  watcher.on('addDir', (folder) => touch(folder));
  let cancelLook = () => {};
  let lookBy: number | undefined;
  function touch(folder: string): void {
    touched.add(folder);
    lookBy ??= clock.now() + rescanMax;
    cancelLook();
    cancelLook = clock.after(Math.max(0, Math.min(rescanRest, lookBy - clock.now())), () => void lookThrough());
  }
  async function lookThrough(): Promise<void> {
    const folders = touched;
    touched = new Set();
    lookBy = undefined;
    const found = await rescan.look([...folders].filter(isFolderWanted));
    void folderWatch?.checkAll(passed);
    passed = new Map();
    if (found.length === 0) return;
    await clock.sleep(confirmMs, signal);
    const missed = found.filter((file) => !rescan.isTold(file));
    if (missed.length === 0 || signal.aborted) return;
    for (const file of missed) batcher.add(file);
    // What is found may be half of it.
    for (const folder of folders) touch(folder);
  }
  async function addIfFile(file: string): Promise<void> {
    const stats = await lstat(file).catch(() => undefined);
    if (stats?.isFile() && !signal.aborted) batcher.add(file);
  }
  signal.addEventListener('abort', () => {
    batcher.stop();
    cancelLook();
    void watcher.close();
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once('ready', resolve);
    // Never `once`: the same limit fails for one folder after the other, and an error that nobody hears ends the process.
    watcher.on('error', (error) => reject(watchFault(error)));
    signal.addEventListener('abort', () => resolve());
  });
  for (const [folder, names] of Object.entries(watcher.getWatched())) rescan.began(folder, names);
  folderWatch = new FolderWatch(watcher, clock, isFolderWanted, (folder) => void addAllIn(folder), signal);
  async function addAllIn(folder: string): Promise<void> {
    const inFolder = (relative: string) => path.join(folder, relative);
    const includes = (relative: string) => scope.wants(inFolder(relative));
    const prunes = (relative: string) => !isFolderWanted(inFolder(relative));
    // One that cannot be read has nothing that could be sent.
    const files = await listFiles(folder, includes, prunes).catch(() => []);
    if (signal.aborted) return;
    for (const file of files.map(inFolder)) if (!rescan.isTold(file)) batcher.add(file);
    touch(folder);
  }
}

/** The folders to watch and which files in them count. */
export function createWatchScope(project: ProjectSpec) {
  const ignoredByGit = createGitIgnore(project.root);
  const contexts = project.services.flatMap(({ image }) =>
    image ? [{ root: image.context, filter: contextFilter(image) }] : [],
  );
  const charts = project.releases.map((release) => release.chart);
  const single = new Set([
    ...project.configInputs,
    ...project.releases.flatMap((release) => release.values),
    ...project.services.flatMap(({ image }) => (image ? [image.dockerfile, ignoreFileOf(image)] : [])),
  ]);
  const inChart = (file: string) => charts.some((chart) => isInside(chart, file));
  return {
    roots: outermost([...contexts.map(({ root }) => root), ...charts, ...single]),
    wants: (file: string): boolean =>
      single.has(file) ||
      (!ignoredByGit(file) &&
        (inChart(file) ||
          contexts.some(({ root, filter }) => isInside(root, file) && filter.includes(relativeTo(root, file))))),
    prunes: (folder: string, isFolder: boolean): boolean => {
      if ([...single, ...charts].some((file) => isInside(folder, file))) return false;
      if (ignoredByGit(folder, isFolder)) return true;
      return !(
        inChart(folder) ||
        contexts.some(
          ({ root, filter }) =>
            isInside(folder, root) || (isInside(root, folder) && !filter.prunes(relativeTo(root, folder))),
        )
      );
    },
  };
}

const relativeTo = (root: string, file: string): string => path.relative(root, file).split(path.sep).join('/');

/** Is the file the folder itself or below it? */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative));
}

const outermost = (files: readonly string[]): string[] =>
  [...new Set(files)].filter((file) => !files.some((other) => other !== file && isInside(other, file)));

function watchFault(error: unknown) {
  const full = /ENOSPC|EMFILE/.test(messageOf(error));
  return environmentFault({
    title: 'The files cannot be watched',
    why: messageOf(error),
    fix: full
      ? 'Raise the limit: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512'
      : 'See that the project is readable.',
  });
}
