import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ContentHasher } from '../../src/adapters/files/content-hash.ts';
import { KnownContent } from '../../src/adapters/files/known-content.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
let content: KnownContent;
const never = new AbortController().signal;
/** As if the watch had begun so many milliseconds later than now. */
const begin = (names: readonly string[], later = 1000) =>
  content.begin(names.map(folder.path), Date.now() + later, never);
const take = async (...names: readonly string[]) => (await content.take(names.map(folder.path))).changed;
const savedAgain = async (...names: readonly string[]) => (await content.take(names.map(folder.path))).savedAgain;
const paths = (...names: readonly string[]) => names.map(folder.path);
beforeEach(() => {
  folder = createTempFolder({ a: '1', b: '1', 'sub/c': '1' });
  content = new KnownContent(new ContentHasher());
});
afterEach(() => folder.remove());

describe('of files that were there in the beginning', () => {
  const changes: readonly [string, () => void, boolean][] = [
    ['nothing', () => {}, false],
    ['a touch', () => utimesSync(folder.path('a'), 1, 1), false],
    ['a save of the same', () => folder.write('a', '1'), false],
    ['another mode', () => chmodSync(folder.path('a'), 0o600), true],
    ['an edit that is taken back', () => ['2', '1'].map((text) => folder.write('a', text)), false],
    ['other content', () => folder.write('a', '2'), true],
    ['its executable bit', () => chmodSync(folder.path('a'), 0o755), true],
    ['its end', () => rmSync(folder.path('a')), true],
    [
      'a file of other content in its place',
      () => renameSync(folder.path(folder.write('b', '2') && 'b'), folder.path('a')),
      true,
    ],
    ['a file of the same content in its place', () => renameSync(folder.path('b'), folder.path('a')), false],
    [
      'a link in its place',
      () => {
        rmSync(folder.path('a'));
        symlinkSync('b', folder.path('a'));
      },
      true,
    ],
    [
      'a folder in its place',
      () => {
        rmSync(folder.path('a'));
        mkdirSync(folder.path('a'));
      },
      true,
    ],
  ];
  it.each(changes)('%s is a change: %#', async (_, change, isOne) => {
    await begin(['a']);
    change();
    expect(await take('a')).toEqual(isOne ? paths('a') : []);
    expect(await take('a')).toEqual([]);
  });
});

it('a change that may be older than the beginning counts', async () => {
  await begin(['a'], -1000);
  expect(await take('a')).toEqual(paths('a'));
  expect(await take('a')).toEqual([]);
});

it('a file that is gone before it was read counts', async () => {
  rmSync(folder.path('a'));
  await begin(['a']);
  expect(await take('a')).toEqual(paths('a'));
});

it('a file that a later watch adds counts when it is first told of, and its end too', async () => {
  await begin(['a']);
  await begin(['a', 'b', 'sub/c']);
  rmSync(folder.path('sub/c'));
  expect(await take('a', 'b', 'sub/c')).toEqual(paths('b', 'sub/c'));
  expect(await take('a', 'b', 'sub/c')).toEqual([]);
});

it('a file that was handed on meanwhile stays as it was handed on', async () => {
  // Older than the beginning, by more than the clock of the file system is off.
  await sleep(150);
  const begun = begin(['a', 'b'], 0);
  folder.write('a', '2');
  expect(await take('a')).toEqual(paths('a'));
  await begun;
  expect(await take('a')).toEqual([]);
  folder.write('a', '1');
  expect(await take('a')).toEqual(paths('a'));
});

it.each<[string, () => void, boolean]>([
  ['that is new', () => folder.write('new', ''), true],
  ['that came and went', () => rmSync(folder.write('new', '')), false],
  ['that is a folder', () => mkdirSync(folder.path('new')), false],
])('a file %s', async (_, change, isOne) => {
  await begin(['a']);
  change();
  expect(await take('new')).toEqual(isOne ? paths('new') : []);
});

it('the order of the files stays', async () => {
  await begin([]);
  expect(await take('sub/c', 'a', 'b')).toEqual(paths('sub/c', 'a', 'b'));
});

describe('a file is saved again', () => {
  it.each<[string, () => unknown, boolean]>([
    ['that is written as it was', () => folder.write('a', '1'), true],
    ['that is touched', () => utimesSync(folder.path('a'), 1, 1), true],
    ['that nobody touched', () => {}, false],
    ['that has changed', () => folder.write('a', '2'), false],
    ['that is gone', () => rmSync(folder.path('a')), false],
  ])('%s: %#', async (_, change, isOne) => {
    await begin(['a']);
    // The file system's clock goes on in steps.
    await sleep(20);
    change();
    expect(await savedAgain('a')).toEqual(isOne ? paths('a') : []);
    expect(await savedAgain('a')).toEqual([]);
  });

  it('not where a second batch tells of the same save', async () => {
    await begin(['a']);
    folder.write('a', '2');
    expect(await take('a')).toEqual(paths('a'));
    expect(await savedAgain('a')).toEqual([]);
  });

  it('not where one came and went', async () => {
    await begin(['a']);
    rmSync(folder.write('new', ''));
    expect(await savedAgain('new')).toEqual([]);
  });
});

it('looking hands nothing on', async () => {
  await begin(['a', 'b']);
  folder.write('a', '2');
  expect(await content.differing(paths('a', 'b', 'never'))).toEqual(paths('a'));
  expect(await content.differing(paths('a', 'b'))).toEqual(paths('a'));
  expect(await take('a', 'b')).toEqual(paths('a'));
  expect(content.files().sort()).toEqual(paths('a', 'b'));
});

it('two saves of the same length within a moment are two', async () => {
  await begin(['a']);
  for (let number = 0; number < 100; number += 1) {
    folder.write('a', String(100 + number));
    expect([number, await take('a')]).toEqual([number, paths('a')]);
  }
});
