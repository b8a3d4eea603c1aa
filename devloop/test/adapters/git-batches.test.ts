import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { commit, git, gitSync, initGit } from '../fakes/git.ts';
import { createTempFolder } from '../fakes/temp-folder.ts';
import { changedBy, twoBranches } from '../fakes/two-branches.ts';
import { createWatchedFolder, type WatchedFolder } from '../fakes/watched-folder.ts';

jest.setTimeout(90_000);

const all: WatchedFolder[] = [];
/** Made once: a copy of it is there in a tenth of the time. */
const model = createTempFolder();
const modelMade = twoBranches(model.root, 60, 4);
const differing = [...changedBy(60), ...Array.from({ length: 4 }, (_, number) => `commit${number}`)].sort();
afterAll(async () => {
  await Promise.all(all.map((one) => one.stop()));
  model.remove();
});

async function copyBranches(to: string): Promise<void> {
  await modelMade;
  await cp(model.root, to, { recursive: true });
}

const watch = async (prepare: (repository: string) => unknown, context?: string) => {
  const watched = await createWatchedFolder(prepare, context);
  all.push(watched);
  return watched;
};

// One after the other: git at work for ten tests at once stands still between two commands for longer than a hold lasts.
describe('with git', () => {
  it('one edit is a rebase of several commits', async () => {
    const { path: inRoot, edits } = await watch(async (root) => {
      await copyBranches(root);
      await commit(root, { base: '1' });
    });
    expect(await git(inRoot('.'), 'rebase', 'main', 'other')).toBe(0);
    expect(await edits()).toEqual([differing]);
  });

  it('one edit is a cherry-pick of several commits', async () => {
    const { path: inRoot, edits } = await watch(copyBranches);
    expect(await git(inRoot('.'), 'cherry-pick', 'main..other')).toBe(0);
    expect(await edits()).toEqual([differing]);
  });

  it('one edit is a merge', async () => {
    const { path: inRoot, edits } = await watch(async (root) => {
      await copyBranches(root);
      await commit(root, { base: '1' });
    });
    expect(await git(inRoot('.'), 'merge', '--no-edit', 'other')).toBe(0);
    expect(await edits()).toEqual([differing]);
  });

  it('one edit is a stash, its pop, and a hard reset', async () => {
    const { path: inRoot, write, edits } = await watch(copyBranches);
    for (const file of ['d1/f1', 'd2/f2', 'same']) write(file, 'edited');
    await edits();
    for (const words of [['stash'], ['stash', 'pop'], ['reset', '--hard']]) {
      expect(await git(inRoot('.'), ...words)).toBe(0);
      expect([words, await edits()]).toEqual([words, [['d1/f1', 'd2/f2', 'same']]]);
    }
  });

  it('one edit is what git changes in a worktree', async () => {
    const worktree = async (root: string) => {
      const origin = path.join(root, '../origin');
      await copyBranches(origin);
      await git(origin, 'worktree', 'add', '--quiet', path.join(root, 'tree'), '-b', 'mine');
    };
    const { path: inRoot, edits } = await watch(worktree, '.');
    expect(readFileSync(inRoot('tree/.git'), 'utf8')).toMatch(/^gitdir: /);
    expect(await git(inRoot('tree'), 'reset', '--hard', 'other')).toBe(0);
    expect(await edits()).toEqual([differing.map((file) => `tree/${file}`)]);
  });

  it('one edit is what git changes of a project below the root of its repository', async () => {
    const { path: inRoot, edits } = await watch(copyBranches, 'd1');
    expect(await git(inRoot('..'), 'checkout', '--quiet', 'other')).toBe(0);
    const own = differing.flatMap((file) => (file.startsWith('d1/') ? [file.slice(3)] : []));
    expect(await edits()).toEqual([own]);
  });

  it('no edit is a checkout there and back', async () => {
    const { path: inRoot, edits } = await watch(copyBranches);
    gitSync(inRoot('.'), 'checkout', '--quiet', 'other');
    gitSync(inRoot('.'), 'checkout', '--quiet', 'main');
    expect(await edits()).toEqual([]);
  });

  it('no edit is a stash that is popped at once', async () => {
    const { path: inRoot, write, edits } = await watch(copyBranches);
    write('d1/f1', 'edited');
    expect(await edits()).toEqual([['d1/f1']]);
    gitSync(inRoot('.'), 'stash');
    gitSync(inRoot('.'), 'stash', 'pop');
    expect(await edits()).toEqual([]);
  });

  const conflict = async (root: string) => {
    await initGit(root);
    await commit(root, { text: 'base', other: '1' });
    await git(root, 'checkout', '--quiet', '-b', 'mine');
    await commit(root, { text: 'mine' });
    await git(root, 'checkout', '--quiet', 'main');
    await commit(root, { text: 'theirs' });
  };

  it('while a rebase waits for the user, what it has left is an edit, and so is each save; the rest of it is one more', async () => {
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

  // It only waits, beside the others.
  it.concurrent('a lock that is left over holds until nothing has changed for a while, is told of, and does not hold again', async () => {
    const { path: inRoot, write, edits, notices, holds } = await watch(copyBranches);
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
