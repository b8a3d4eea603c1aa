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
 * @param gitFolder see `GitFolders`
 */
export function gitWorkIn(gitFolder: string): GitWork | undefined {
  const file = path.join(gitFolder, 'index.lock');
  const lock = lookAt(file);
  if (lock) return { why: 'index.lock stands', lock: { file, stamp: `${lock.ino} ${lock.mtimeMs} ${lock.size}` } };
  const why = manySteps.find(([name]) => lookAt(path.join(gitFolder, name)))?.[1];
  const changed = why === undefined ? undefined : lookAt(gitFolder);
  return why !== undefined && changed && Math.abs(Date.now() - changed.mtimeMs) < stepRest ? { why } : undefined;
}

/** Finds git's own folder for files; what was found is remembered, so it is for one look only. */
export class GitFolders {
  readonly #found = new Map<string, string | undefined>();

  /**
   * The folder with the index of the repository that a file is in, or of the worktree or submodule, where `.git` is a
   * file that names it. Undefined where there is none.
   */
  of(file: string): string | undefined {
    return this.#ofFolder(path.dirname(file));
  }

  #ofFolder(folder: string): string | undefined {
    if (this.#found.has(folder)) return this.#found.get(folder);
    const above = path.dirname(folder);
    const found = gitFolderIn(folder) ?? (above === folder ? undefined : this.#ofFolder(above));
    this.#found.set(folder, found);
    return found;
  }
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
