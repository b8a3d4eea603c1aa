import { mkdirSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gitFoldersOf, gitWorkIn } from '../../src/adapters/files/git-work.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({ '.git/HEAD': '', 'src/deep/a': '' });
});
afterEach(() => folder.remove());

describe('git is at work', () => {
  /** @param age seconds since git last changed something in its folder */
  const workWith = (names: readonly string[], age: number) => {
    for (const name of names) {
      if (name.endsWith('/')) mkdirSync(folder.path(`.git/${name}`));
      else folder.write(`.git/${name}`, '');
    }
    utimesSync(folder.path('.git'), Date.now() / 1000 - age, Date.now() / 1000 - age);
    return gitWorkIn(folder.path('.git'))?.why;
  };
  it.each<[string[], number, string | undefined]>([
    [[], 0, undefined],
    [['index.lock'], 0, 'index.lock stands'],
    [['index.lock'], 60, 'index.lock stands'],
    [['rebase-merge/'], 0, 'a rebase is under way'],
    [['rebase-merge/'], 60, undefined],
    [['rebase-merge/', 'index.lock'], 60, 'index.lock stands'],
    [['rebase-apply/'], 0, 'a rebase or git am is under way'],
    [['rebase-apply/'], 60, undefined],
    [['sequencer/'], 0, 'a cherry-pick or revert is under way'],
    [['sequencer/'], 60, undefined],
    [['MERGE_HEAD'], 0, undefined],
    [['HEAD.lock', 'refs.lock'], 0, undefined],
    // A clock that is set, or a shared file system with another: nothing waits for ever.
    [['rebase-merge/'], -3600, undefined],
  ])('with %j, %d s after its last change: %s', (names, age, why) => {
    expect(workWith(names, age)).toBe(why);
  });
});

describe("git's folder", () => {
  const found = (file: string) => [...gitFoldersOf([folder.path(file)])].map((one) => one.replace(folder.root, ''));
  it.each<[string, string[]]>([
    ['a', ['/.git']],
    ['src/deep/a', ['/.git']],
    ['worktree/src/a', ['/elsewhere/.git/worktrees/tree']],
    ['sub/module/a', ['/.git/modules/module']],
    ['odd/a', ['/.git']],
  ])('of %s is %j', (file, expected) => {
    folder.write('worktree/.git', `gitdir: ${folder.path('elsewhere/.git/worktrees/tree')}\n`);
    folder.write('sub/module/.git', 'gitdir: ../../.git/modules/module\n');
    folder.write('odd/.git', 'what is this');
    expect(found(file)).toEqual(expected);
  });

  it('of many files is each once, and none where there is no repository', () => {
    expect([...gitFoldersOf(['a', 'src/deep/a', 'src/b'].map(folder.path))]).toEqual([folder.path('.git')]);
    expect([...gitFoldersOf(['/proc/self/status'])]).toEqual([]);
  });
});
