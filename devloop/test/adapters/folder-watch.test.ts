import { EventEmitter } from 'node:events';
import { lstatSync, renameSync, type FSWatcher as Watch, watch } from 'node:fs';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { FSWatcher } from 'chokidar';
import { FolderWatch } from '../../src/adapters/files/folder-watch.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';

/** chokidar, as far as it says what it watches; the watches themselves are the test's. */
class FakeWatcher extends EventEmitter {
  readonly asked: string[] = [];
  readonly #folders: readonly string[];
  constructor(folders: readonly string[]) {
    super();
    this.#folders = folders;
  }
  getWatched = () => Object.fromEntries(this.#folders.map((folder) => [folder, []]));
  unwatch = (folder: string) => this.asked.push(`unwatch ${folder}`);
  add = (folder: string) => this.asked.push(`add ${folder}`);
}

let folder: TempFolder;
let watches: Watch[];
let controller: AbortController;
beforeEach(() => {
  folder = createTempFolder({ 'a/file': '', 'b/file': '', 'c/file': '' });
  controller = new AbortController();
  watches = [];
});
afterEach(() => {
  controller.abort();
  for (const one of watches) one.close();
  folder.remove();
});

/** @param watched by the system, of the listed folders a and b */
async function check(watched: readonly string[], name: string, before = () => {}): Promise<string[]> {
  watches = watched.map((one) => watch(folder.path(one)));
  const watcher = new FakeWatcher([folder.path('a'), folder.path('b')]);
  const clock = createFakeClock(0);
  const found: string[] = [];
  const listed = watcher as unknown as FSWatcher;
  const folders = new FolderWatch(
    listed,
    clock,
    () => true,
    (one) => found.push(`found ${one}`),
    controller.signal,
  );
  before();
  void folders.checkAll(new Map([[folder.path(name), lstatSync(folder.path(name))]]));
  await settle();
  clock.advance(50);
  await settle();
  return [...watcher.asked, ...found].map((text) => text.replace(`${folder.root}/`, ''));
}
const again = (name: string) => [`unwatch ${name}`, `add ${name}`, `found ${name}`];

it('leaves a folder alone that is listed and watched', async () => {
  expect(await check(['a', 'b'], 'b')).toEqual([]);
});

(process.platform === 'linux' ? it : it.skip)('watches one again that is listed, and not watched', async () => {
  expect(await check(['a'], 'b')).toEqual(again('b'));
});

it('goes by the list where the system tells of no watch of it', async () => {
  expect(await check([], 'b')).toEqual([]);
});

it('watches one that is not listed', async () => {
  expect(await check(['a', 'b'], 'c')).toEqual(again('c'));
});

it('watches one that took the place of another', async () => {
  const replace = () => {
    renameSync(folder.path('b'), folder.path('gone'));
    renameSync(folder.path('c'), folder.path('b'));
  };
  expect(await check([], 'b', replace)).toEqual(again('b'));
});

it('does nothing after its end', async () => {
  controller.abort();
  expect(await check(['a', 'b'], 'c')).toEqual([]);
});
