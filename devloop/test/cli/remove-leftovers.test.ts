import { existsSync, readdirSync, truncateSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeLeftovers } from '../../src/cli/remove-leftovers.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

const now = Date.UTC(2026, 0, 31, 14, 0, 0);
const hour = 3_600_000;
const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder();
});
afterEach(() => folder.remove());

/** A file that was changed so long ago. */
function old(relative: string, age: number): string {
  const file = folder.write(relative, 'text');
  utimesSync(file, (now - age) / 1000, (now - age) / 1000);
  return file;
}
const remove = () => removeLeftovers(folder.path('project'), now, folder.path('tmp'));

describe('leftovers', () => {
  it.each([
    'tmp/devloop-layer-x1',
    'tmp/devloop-image-x2',
    `project/.devloop/tools/helm-2.2.2.${uuid}`,
    `project/.devloop/helm/0123456789abcdef.json.${uuid}`,
  ])('%s goes once it is old', async (relative) => {
    const file = old(relative, 2 * hour);
    const fresh = old(relative.replace('x', 'y').replace('0f8f', '1f8f'), hour / 2);
    await remove();
    expect([existsSync(file), existsSync(fresh)]).toEqual([false, true]);
  });

  it('may be folders', async () => {
    const file = old('tmp/devloop-layer-x1/context/init.sh', 2 * hour);
    utimesSync(folder.path('tmp/devloop-layer-x1'), 0, 0);
    await remove();
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(folder.path('tmp'))).toEqual([]);
  });

  it.each([
    'tmp/devloop-0/release-1',
    'tmp/devloop-e2e-x/devloop.config.ts',
    'tmp/of-another',
    'project/src/devloop-layer-x',
    'project/.devloop/tools/helm-2.2.2',
    'project/.devloop/helm/0123456789abcdef.json',
    'project/.devloop/logs/notes.txt',
    'project/.devloop/sandbox/state.json',
    'project/.devloop/sandbox/volumes/data',
  ])('%s is none', async (relative) => {
    const file = old(relative, 1000 * hour);
    await remove();
    expect(existsSync(file)).toBe(true);
  });

  it('are none where there is no state', async () => {
    await expect(remove()).resolves.toBeUndefined();
  });
});

describe('what would grow', () => {
  const names = (count: number, name: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => old(name(index), index * hour));

  it.each<[string, number, (index: number) => string]>([
    ['saved logs', 50, (index) => `project/.devloop/logs/${index}.log`],
    ['helms', 2, (index) => `project/.devloop/tools/helm-2.${index}.0`],
    ['states that could not be read', 3, (index) => `project/.devloop/sandbox/state.json.unreadable-${index}`],
  ])('%s: the newest %i stay', async (_, kept, name) => {
    const files = names(kept + 3, name);
    await remove();
    expect(files.map((file) => existsSync(file))).toEqual(files.map((_file, index) => index < kept));
  });

  it('saved logs take 200 MB at most', async () => {
    const files = names(4, (index) => `project/.devloop/logs/${index}.log`);
    for (const [index, file] of files.entries()) {
      truncateSync(file, 80_000_000);
      utimesSync(file, (now - index * hour) / 1000, (now - index * hour) / 1000);
    }
    await remove();
    expect(files.map((file) => existsSync(file))).toEqual([true, true, false, false]);
  });
});
