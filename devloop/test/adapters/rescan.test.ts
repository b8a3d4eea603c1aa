import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Rescan } from '../../src/adapters/files/rescan.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
let rescan: Rescan;
const names = (files: readonly string[]) => files.map((file) => path.relative(folder.root, file)).sort();
/** Later than every time that the file system has given so far. */
async function later(): Promise<number> {
  await sleep(25);
  return Date.now();
}
const look = async () => names(await rescan.look([folder.root]));

beforeEach(async () => {
  folder = createTempFolder({ 'a.txt': '1', 'b.txt': '1', 'sub/c.txt': '1', 'ignored/d.txt': '1' });
  const scope = {
    wants: (file: string) => !file.endsWith('.log'),
    prunes: (file: string) => path.basename(file) === 'ignored',
    passes: () => {},
  };
  rescan = new Rescan(scope, await later());
  rescan.began(folder.root, ['a.txt', 'b.txt', 'sub']);
  rescan.began(folder.path('sub'), ['c.txt']);
});
afterEach(() => folder.remove());

describe('a look finds', () => {
  it('nothing where nothing changed', async () => {
    expect(await look()).toEqual([]);
  });

  it('files that are new or changed, in new folders too, and not what is ignored', async () => {
    folder.write('a.txt', '2');
    folder.write('new.log', '');
    folder.write('ignored/e.txt', '');
    folder.write('deep/er/new.txt', '');
    expect(await look()).toEqual(['a.txt', 'deep/er/new.txt']);
  });

  it('each until it is told of, and then after it changed again', async () => {
    folder.write('a.txt', '2');
    expect(await look()).toEqual(['a.txt']);
    expect(await look()).toEqual(['a.txt']);
    rescan.told([folder.path('a.txt')]);
    expect(await look()).toEqual([]);
    await later();
    folder.write('a.txt', '3');
    expect(await look()).toEqual(['a.txt']);
  });

  it('what a renamed folder has brought', async () => {
    mkdirSync(folder.path('made'));
    writeFileSync(folder.path('made/inside.txt'), '');
    renameSync(folder.path('made'), folder.path('moved'));
    expect(await look()).toEqual(['moved/inside.txt']);
  });

  it('what a folder that was there in the beginning has brought and left behind', async () => {
    renameSync(folder.path('sub'), folder.path('moved'));
    expect(await look()).toEqual(['moved/c.txt', 'sub/c.txt']);
  });

  it('that a file is gone which was a folder before', async () => {
    rmSync(folder.path('sub'), { recursive: true });
    folder.write('sub', 'a file');
    rescan.told([folder.path('sub/c.txt'), folder.path('sub')]);
    rmSync(folder.path('sub'));
    expect(await look()).toEqual(['sub']);
  });

  it('that a file of the beginning is gone', async () => {
    rmSync(folder.path('a.txt'));
    expect(await look()).toEqual(['a.txt']);
  });

  it('that a file is gone soon after it was told of', async () => {
    folder.write('new/n.txt', '1');
    rescan.told([folder.path('new/n.txt')]);
    rmSync(folder.path('new'), { recursive: true });
    expect(await look()).toEqual(['new/n.txt']);
  });

  it('nothing twice where the clock of the file system is ahead', async () => {
    const early = new Rescan({ wants: () => true, prunes: () => false, passes: () => {} }, Date.now() - 60_000);
    const first = names(await early.look([folder.root]));
    expect(first).toEqual(['a.txt', 'b.txt', 'ignored/d.txt', 'sub/c.txt']);
    early.told(first.map(folder.path));
    expect(await early.look([folder.root])).toEqual([]);
  });

  it('a file whose folder has become a file only once it is back', async () => {
    rescan.told([folder.path('sub/c.txt')]);
    rmSync(folder.path('sub'), { recursive: true });
    folder.write('sub', 'a file');
    rescan.told([folder.path('sub/c.txt'), folder.path('sub')]);
    expect(await look()).toEqual([]);
    rmSync(folder.path('sub'));
    folder.write('sub/c.txt', 'back');
    expect(await look()).toContain('sub/c.txt');
  });

  it('that a file is gone which was there when it was last told of', async () => {
    folder.write('a.txt', '2');
    rescan.told([folder.path('a.txt')]);
    expect(await look()).toEqual([]);
    rmSync(folder.path('a.txt'));
    expect(await look()).toEqual(['a.txt']);
    rescan.told([folder.path('a.txt')]);
    expect(await look()).toEqual([]);
  });
});
