import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { commit, git, gitSync, initGit } from '../fakes/git.ts';
import { createWatchedFolder, type WatchedFolder } from '../fakes/watched-folder.ts';

jest.setTimeout(90_000);

let watched: WatchedFolder | undefined;
afterEach(() => watched?.stop());

const many = (count: number, text: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`d${index % 50}/f${index}`, `${text} ${index}`]));

/** `main` and `other`, which differ in the files; `other` has so many commits on top of them. */
function twoBranches(folder: string, count: number, commits = 0): void {
  initGit(folder);
  commit(folder, { ...many(count, 'main'), same: '1', 'gone/a': '1', 'gone/b': '1' });
  gitSync(folder, 'checkout', '--quiet', '-b', 'other');
  rmSync(path.join(folder, 'gone'), { recursive: true });
  commit(folder, { ...many(count, 'other'), 'new/deep/a': '1' });
  for (let number = 0; number < commits; number += 1)
    commit(folder, { [`commit${number}`]: '1', 'd0/f0': `${number}` });
  gitSync(folder, 'checkout', '--quiet', 'main');
}
const changedBy = (count: number) => [...Object.keys(many(count, '')), 'gone/a', 'gone/b', 'new/deep/a'].sort();
const watch = async (prepare: (repository: string) => unknown, context?: string) => {
  watched = await createWatchedFolder(prepare, context);
  return watched;
};

describe('one edit is', () => {
  it('a checkout that changes 5,000 files', async () => {
    const { path: inRoot, edits } = await watch((root) => twoBranches(root, 5000));
    expect(await git(inRoot('.'), 'checkout', '--quiet', 'other')).toBe(0);
    expect(await edits()).toEqual([changedBy(5000)]);
  });

  it('a rebase of several commits', async () => {
    const { path: inRoot, edits } = await watch((root) => {
      twoBranches(root, 100, 6);
      commit(root, { base: '1' });
    });
    expect(await git(inRoot('.'), 'rebase', 'main', 'other')).toBe(0);
    const commits = Array.from({ length: 6 }, (_, number) => `commit${number}`);
    expect(await edits()).toEqual([[...changedBy(100), ...commits].sort()]);
  });

  it('a cherry-pick of several commits', async () => {
    const { path: inRoot, edits } = await watch((root) => twoBranches(root, 100, 4));
    expect(await git(inRoot('.'), 'cherry-pick', 'main..other')).toBe(0);
    const commits = Array.from({ length: 4 }, (_, number) => `commit${number}`);
    expect(await edits()).toEqual([[...changedBy(100), ...commits].sort()]);
  });

  it('a merge', async () => {
    const { path: inRoot, edits } = await watch((root) => {
      twoBranches(root, 100);
      commit(root, { base: '1' });
    });
    expect(await git(inRoot('.'), 'merge', '--no-edit', 'other')).toBe(0);
    expect(await edits()).toEqual([changedBy(100)]);
  });

  it('a stash, its pop, and a hard reset', async () => {
    const { path: inRoot, write, edits } = await watch((root) => twoBranches(root, 10));
    for (const file of ['d1/f1', 'd2/f2', 'same']) write(file, 'edited');
    await edits();
    for (const words of [['stash'], ['stash', 'pop'], ['reset', '--hard']]) {
      expect(await git(inRoot('.'), ...words)).toBe(0);
      expect([words, await edits()]).toEqual([words, [['d1/f1', 'd2/f2', 'same']]]);
    }
  });

  it('what git changes in a worktree', async () => {
    const worktree = (root: string) => {
      const origin = path.join(root, '../origin');
      mkdirSync(origin);
      twoBranches(origin, 100);
      gitSync(origin, 'worktree', 'add', '--quiet', path.join(root, 'tree'), '-b', 'mine');
    };
    const { path: inRoot, edits } = await watch(worktree, '.');
    expect(readFileSync(inRoot('tree/.git'), 'utf8')).toMatch(/^gitdir: /);
    expect(await git(inRoot('tree'), 'reset', '--hard', 'other')).toBe(0);
    expect(await edits()).toEqual([changedBy(100).map((file) => `tree/${file}`)]);
  });

  it('what git changes of a project below the root of its repository', async () => {
    const { path: inRoot, edits } = await watch((root) => twoBranches(root, 500), 'd1');
    expect(await git(inRoot('..'), 'checkout', '--quiet', 'other')).toBe(0);
    const own = changedBy(500).flatMap((file) => (file.startsWith('d1/') ? [file.slice(3)] : []));
    expect(await edits()).toEqual([own]);
  });
});

describe('no edit is', () => {
  it('a checkout there and back', async () => {
    const { path: inRoot, edits } = await watch((root) => twoBranches(root, 200));
    gitSync(inRoot('.'), 'checkout', '--quiet', 'other');
    gitSync(inRoot('.'), 'checkout', '--quiet', 'main');
    expect(await edits()).toEqual([]);
  });

  it('a stash that is popped at once', async () => {
    const { path: inRoot, write, edits } = await watch((root) => twoBranches(root, 10));
    write('d1/f1', 'edited');
    expect(await edits()).toEqual([['d1/f1']]);
    gitSync(inRoot('.'), 'stash');
    gitSync(inRoot('.'), 'stash', 'pop');
    expect(await edits()).toEqual([]);
  });
});

describe('while a rebase waits for the user', () => {
  const conflict = (root: string) => {
    initGit(root);
    commit(root, { text: 'base', other: '1' });
    gitSync(root, 'checkout', '--quiet', '-b', 'mine');
    commit(root, { text: 'mine' });
    gitSync(root, 'checkout', '--quiet', 'main');
    commit(root, { text: 'theirs' });
  };

  it('what it has left is an edit, and so is each save; the rest of it is one more', async () => {
    const { path: inRoot, write, edits } = await watch(conflict);
    expect(await git(inRoot('.'), 'rebase', 'main', 'mine')).not.toBe(0);
    expect(existsSync(inRoot('.git/rebase-merge'))).toBe(true);
    expect(await edits()).toEqual([['text']]);
    expect(readFileSync(inRoot('text'), 'utf8')).toContain('<<<<<<<');
    write('text', 'solved');
    expect(await edits()).toEqual([['text']]);
    gitSync(inRoot('.'), 'add', 'text');
    expect(await git(inRoot('.'), 'rebase', '--continue')).toBe(0);
    expect(await edits()).toEqual([]);
  });
});

describe('a lock that is left over', () => {
  it('holds until nothing has changed for a while, is told of, and does not hold again', async () => {
    const { path: inRoot, write, edits, notices, holds } = await watch((root) => twoBranches(root, 1));
    writeFileSync(inRoot('.git/index.lock'), '');
    write('same', '2');
    expect(await edits()).toEqual([['same']]);
    expect(holds[0]).toEqual({ files: 1, why: 'index.lock stands' });
    expect(holds.at(-1)).toBeUndefined();
    expect(notices).toEqual([expect.stringContaining('index.lock stands, and nothing changes')]);
    const told = holds.length;
    write('same', '3');
    expect(await edits()).toEqual([['same']]);
    expect([holds.length, notices.length]).toEqual([told, 1]);
    renameSync(inRoot('.git/index.lock'), inRoot('.git/index.old'));
  });
});
