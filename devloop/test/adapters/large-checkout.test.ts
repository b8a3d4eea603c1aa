import { afterEach, expect, it, jest } from '@jest/globals';
import { git } from '../fakes/git.ts';
import { changedBy, twoBranches } from '../fakes/two-branches.ts';
import { createWatchedFolder, type WatchedFolder } from '../fakes/watched-folder.ts';

jest.setTimeout(90_000);

let watched: WatchedFolder | undefined;
afterEach(() => watched?.stop());

// By itself: all watches of a process have one queue, which this fills to a good part.
it('a checkout that changes 2,000 files is one edit', async () => {
  watched = await createWatchedFolder((root) => twoBranches(root, 2000));
  expect(await git(watched.path('.'), 'checkout', '--quiet', 'other')).toBe(0);
  expect(await watched.edits()).toEqual([changedBy(2000)]);
});
