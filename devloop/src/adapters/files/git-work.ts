import { lstatSync, readFileSync, type Stats } from 'node:fs';
import path from 'node:path';

/** What a git command that changes files has put up. */
export interface GitWork {
  /** For people: `index.lock stands`. */
  readonly why: string;
  /** The lock; undefined where it is a command of several steps that is between two of them. */
  readonly lock?: { readonly file: string; readonly stamp: string };
}

/** Stand for all of a command of several steps, and also while it waits for the user after a conflict. */
const manySteps: readonly (readonly [folder: string, command: string])[] = [
  ['rebase-merge', 'a rebase is under way'],
  ['rebase-apply', 'a rebase or git am is under way'],
  ['sequencer', 'a cherry-pick or revert is under way'],
];

/**
 * Milliseconds without a change in git's own folder after which such a command waits for the user. Between two steps of
 * a rebase it is some milliseconds: git takes the index's lock for each, in that folder.
 */
const stepRest = 500;

/**
 * Does git work on a repository's files? git 2.39 holds `index.lock` from before the first changed file of a checkout,
 * reset, merge or stash to after the last; MERGE_HEAD stands after a conflict only.
 * @param gitFolder see `gitFoldersOf`
 */
export function gitWorkIn(gitFolder: string): GitWork | undefined {
  const file = path.join(gitFolder, 'index.lock');
  const lock = lookAt(file);
  if (lock) return { why: 'index.lock stands', lock: { file, stamp: `${lock.ino} ${lock.mtimeMs} ${lock.size}` } };
  const why = manySteps.find(([name]) => lookAt(path.join(gitFolder, name)))?.[1];
  const changed = why === undefined ? undefined : lookAt(gitFolder);
  return why !== undefined && changed && Math.abs(Date.now() - changed.mtimeMs) < stepRest ? { why } : undefined;
}

/** When git last changed something in its folder: the index, HEAD. Epoch milliseconds. */
export const gitChangedAt = (gitFolder: string): number => lookAt(gitFolder)?.mtimeMs ?? 0;

/**
 * The folders with the index of the repositories that files are in, or of the worktrees or submodules, where `.git` is
 * a file that names it.
 * @param files absolute
 */
export function gitFoldersOf(files: readonly string[]): ReadonlySet<string> {
  const known = new Map<string, string | undefined>();
  const above = (folder: string): string | undefined => {
    if (known.has(folder)) return known.get(folder);
    const parent = path.dirname(folder);
    const found = gitFolderIn(folder) ?? (parent === folder ? undefined : above(parent));
    known.set(folder, found);
    return found;
  };
  return new Set(files.flatMap((file) => above(path.dirname(file)) ?? []));
}

function gitFolderIn(folder: string): string | undefined {
  const git = path.join(folder, '.git');
  const stats = lookAt(git);
  if (stats?.isSymbolicLink() || stats?.isDirectory()) return git;
  if (!stats?.isFile()) return undefined;
  const named = /^gitdir: (.+)/.exec(read(git))?.[1]?.trimEnd();
  return named === undefined ? undefined : path.resolve(folder, named);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function lookAt(file: string): Stats | undefined {
  try {
    return lstatSync(file);
  } catch {
    return undefined;
  }
}
