import path from 'node:path';
import { watch } from 'chokidar';
import type { WatchHandlers } from '../../engine/outside.ts';
import type { Clock } from '../../model/clock.ts';
import { environmentFault, messageOf } from '../../model/errors.ts';
import type { ProjectSpec } from '../../model/project.ts';
import { createBatcher } from './batcher.ts';
import { FolderWatch } from './folder-watch.ts';
import { GitHold } from './git-hold.ts';
import type { KnownContent } from './known-content.ts';
import { LimitedWatch, type LimitedWatchHandlers } from './limited-watch.ts';
import { listFiles } from './list-files.ts';
import { noticeStop } from './notice-stop.ts';
import { noticeOverflow } from './queue-overflow.ts';
import { SecondLook } from './second-look.ts';
import { createWatchScope } from './watch-scope.ts';
import { lookAtAll, type WholeLook } from './whole-look.ts';

/**
 * Watches what the project is made of; resolves once every folder is watched, so that no later save is missed.
 * @param content what is there in the beginning is noted there
 */
export async function watchFiles(
  project: ProjectSpec,
  clock: Clock,
  content: KnownContent,
  handlers: WatchHandlers,
  signal: AbortSignal,
): Promise<void> {
  let end = new AbortController();
  let said = '';
  const notice: WatchHandlers['notice'] = (level, text) => {
    if (text !== said) handlers.notice(level, text);
    said = text;
  };
  async function begin(isRenewal: boolean): Promise<boolean> {
    const next = new AbortController();
    const both = AbortSignal.any([signal, next.signal]);
    const isWhole = await watchOnce(project, clock, content, { ...handlers, notice, renew }, both, isRenewal);
    end.abort();
    end = next;
    return isWhole;
  }
  // Added one by one, 2,400 folders take chokidar 25 s; a new watch takes over what is watched already.
  async function renew(): Promise<void> {
    if ((await begin(true)) && !signal.aborted) notice('info', 'All files are watched again.');
  }
  await begin(false);
}

/**
 * Resolves to whether all folders are watched.
 * @param isRenewal the watch before has not heard of everything
 */
async function watchOnce(
  project: ProjectSpec,
  clock: Clock,
  content: KnownContent,
  handlers: WatchHandlers & Pick<LimitedWatchHandlers, 'renew'>,
  signal: AbortSignal,
  isRenewal: boolean,
): Promise<boolean> {
  if (signal.aborted) return false;
  const began = Date.now();
  const scope = createWatchScope(project);
  const isFolderWanted = (folder: string) => !scope.prunes(folder, true);
  let folderWatch: FolderWatch | undefined;
  const secondLook = new SecondLook(
    scope,
    clock,
    { missed: add, passed: async (folders) => folderWatch?.checkAll(folders) },
    signal,
  );
  const hold = new GitHold(clock, {
    release: handlers.batch,
    held: handlers.held,
    stuck: (lock) =>
      handlers.notice(
        'warning',
        `${lock} stands, and nothing changes: changed files no longer wait for git. Where no git runs, remove it.`,
      ),
    isChanging: () => batcher.isCollecting(),
    lookAgain: () => secondLook.look(),
  });
  const batcher = createBatcher(
    () => project.watch,
    clock,
    (batch) => {
      secondLook.told(batch.files);
      hold.take(batch);
    },
  );
  const watcher = watch([...scope.roots], {
    ignored: (file, stats) =>
      stats?.isFile() ? !scope.wants(file) : scope.prunes(file, stats?.isDirectory() ?? false),
    ignoreInitial: true,
    atomic: false,
    followSymlinks: false,
  });
  const { notice, renew } = handlers;
  const limited = new LimitedWatch(clock, { look: lookEverywhere, renew, notice }, signal);
  function add(file: string): void {
    if (!batcher.isCollecting()) hold.begin(file);
    batcher.add(file);
  }
  watcher.on('all', (event, file) => {
    if (event !== 'addDir' && event !== 'unlinkDir' && scope.wants(file)) add(file);
  });
  watcher.on('raw', (event, name, details) => {
    const { watchedPath } = details as { readonly watchedPath: string };
    const entry = path.join(watchedPath, name ?? '');
    const isWanted = scope.wants(entry);
    // chokidar itself passes over a change of nothing but the mode, which an image has too.
    if (event === 'change' && isWanted) add(entry);
    // A log that is written all the time would put the look off for ever.
    if (isWanted || isFolderWanted(entry)) secondLook.touch(path.dirname(entry));
  });
  watcher.on('addDir', (folder) => secondLook.touch(folder));
  watcher.on(
    'raw',
    noticeOverflow(() => void lookEverywhere()),
  );
  async function lookEverywhere(): Promise<WholeLook['folders']> {
    // What was there in the beginning is not noted yet.
    if (!folderWatch) return new Map();
    const { changed, folders } = await lookAtAll(scope, content);
    if (signal.aborted) return folders;
    for (const file of changed) add(file);
    if (!limited.isPolling) await folderWatch.checkAll(folders);
    return folders;
  }
  async function addAllIn(folder: string): Promise<void> {
    const inFolder = (relative: string) => path.join(folder, relative);
    const includes = (relative: string) => scope.wants(inFolder(relative));
    const prunes = (relative: string) => !isFolderWanted(inFolder(relative));
    // One that cannot be read has nothing that could be sent.
    const files = await listFiles(folder, includes, prunes).catch(() => []);
    if (signal.aborted) return;
    for (const file of files.map(inFolder)) if (!secondLook.isTold(file)) add(file);
    secondLook.touch(folder);
  }
  signal.addEventListener('abort', () => {
    // The watch that takes this one's place has heard of what is collected, if at all, as of something old.
    batcher.flush();
    hold.flush();
    void watcher.close();
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once('ready', resolve);
    // Never `once`: the same limit fails for one folder after the other, and an error that nobody hears ends the process.
    watcher.on('error', (error) => {
      if (!limited.refused(error)) reject(watchFault(error));
    });
    signal.addEventListener('abort', () => resolve());
  });
  if (signal.aborted) return false;
  const watched = watcher.getWatched();
  secondLook.began(watched);
  folderWatch = new FolderWatch(watcher, clock, isFolderWanted, addAllIn, signal);
  noticeStop(clock, () => void lookEverywhere(), signal);
  const folders = new Set(Object.keys(watched));
  const files = Object.entries(watched).flatMap(([folder, names]) => names.map((name) => path.join(folder, name)));
  void content.begin(
    files.filter((file) => !folders.has(file) && scope.wants(file)),
    began,
    signal,
  );
  if (isRenewal) void lookEverywhere();
  return !limited.isPolling;
}

function watchFault(error: unknown) {
  return environmentFault({
    title: 'The files cannot be watched',
    why: messageOf(error),
    fix: 'See that the project is readable.',
  });
}
