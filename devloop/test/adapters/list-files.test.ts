import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { listFiles } from '../../src/adapters/files/list-files.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({ 'src/a.ts': '1', 'src/deep/b.ts': '1' });
});
afterEach(() => folder.remove());

const all = (root: string) =>
  listFiles(
    root,
    () => true,
    () => false,
  );

it('lists the files of a folder and those below', async () => {
  expect((await all(folder.path('src'))).sort()).toEqual(['a.ts', 'deep/b.ts']);
});

it.each(['gone', 'src/a.ts', 'src/a.ts/below'])('%s is no folder, and has none', async (name) => {
  expect(await all(folder.path(name))).toEqual([]);
});
