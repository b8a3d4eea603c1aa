import { chmodSync, lstatSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ContentHasher } from '../../src/adapters/files/content-hash.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({
    'a.txt': 'one',
    'src/b.txt': 'two',
    'src/deep/c.txt': 'three',
    'node_modules/x/index.js': '1',
  });
});
afterEach(() => folder.remove());

const prunes = (relative: string) => relative === 'node_modules';
const hash = (hasher = new ContentHasher()) => hasher.tree(folder.root, () => true, prunes);

describe('the hash of a tree', () => {
  const changes: readonly [string, () => void][] = [
    ['the content of a file', () => folder.write('a.txt', 'ONE')],
    ['a file more', () => folder.write('src/new.txt', '')],
    ['a file less', () => rmSync(folder.path('src/b.txt'))],
    ['another name of a file', () => renameSync(folder.path('a.txt'), folder.path('b.txt'))],
    ['another folder of a file', () => renameSync(folder.path('src/b.txt'), folder.path('b.txt'))],
    ['the executable bit', () => chmodSync(folder.path('a.txt'), 0o755)],
    [
      'a link in place of a file',
      () => {
        unlinkSync(folder.path('a.txt'));
        symlinkSync('one', folder.path('a.txt'));
      },
    ],
  ];
  it.each(changes)('differs with %s', async (_, change) => {
    const hasher = new ContentHasher();
    const before = await hash(hasher);
    change();
    const after = await hash(hasher);
    expect(after).not.toBe(before);
    expect(after).toBe(await hash());
  });

  const nothings: readonly [string, () => void][] = [
    ['a touch', () => utimesSync(folder.path('a.txt'), 1, 1)],
    ['a save of the same content', () => folder.write('a.txt', 'one')],
    ['permissions that are not the executable bit', () => chmodSync(folder.path('a.txt'), 0o600)],
    ['a folder that is left out', () => folder.write('node_modules/y.js', '2')],
    ['an edit that is taken back', () => ['x', 'one'].map((text) => folder.write('a.txt', text))],
  ];
  it.each(nothings)('is the same after %s', async (_, change) => {
    const hasher = new ContentHasher();
    const before = await hash(hasher);
    change();
    expect(await hash(hasher)).toBe(before);
  });

  it('sees another target of a link', async () => {
    symlinkSync('a.txt', folder.path('link'));
    const before = await hash();
    unlinkSync(folder.path('link'));
    symlinkSync('src/b.txt', folder.path('link'));
    expect(await hash()).not.toBe(before);
  });

  it('does not follow a link to a folder', async () => {
    symlinkSync('..', folder.path('src/up'));
    expect(await hash()).toMatch(/^[0-9a-f]{64}$/);
  });

  it('leaves out what does not count', async () => {
    const hasher = new ContentHasher();
    const only = (relative: string) => relative.startsWith('src/');
    const before = await hasher.tree(folder.root, only, prunes);
    folder.write('a.txt', 'changed');
    expect(await hasher.tree(folder.root, only, prunes)).toBe(before);
  });

  it('of a folder that is not there is one of nothing', async () => {
    const hasher = new ContentHasher();
    const missing = await hasher.tree(
      folder.path('nowhere'),
      () => true,
      () => false,
    );
    expect(missing).toBe(await hasher.tree(folder.root, () => false, prunes));
  });

  it('does not depend on the order in which folders are read', async () => {
    const other = createTempFolder({ 'src/deep/c.txt': 'three', 'src/b.txt': 'two', 'a.txt': 'one' });
    try {
      expect(await new ContentHasher().tree(other.root, () => true, prunes)).toBe(await hash());
    } finally {
      other.remove();
    }
  });
});

describe('the hash of a file', () => {
  it('is read anew when size and time are as before, but it is another file', async () => {
    const hasher = new ContentHasher();
    const before = await hasher.file(folder.path('a.txt'));
    const { atime, mtime } = lstatSync(folder.path('a.txt'));
    folder.write('other', 'eno');
    renameSync(folder.path('other'), folder.path('a.txt'));
    utimesSync(folder.path('a.txt'), atime, mtime);
    expect(await hasher.file(folder.path('a.txt'))).not.toBe(before);
  });

  it('of one that is gone is `missing`', async () => {
    expect(await new ContentHasher().file(folder.path('gone'))).toBe('missing');
  });
});
