import { rmSync } from 'node:fs';
import path from 'node:path';
import { commit, git, initGit } from './git.ts';

/** All with the same text, which git keeps once. */
const many = (count: number, text: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`d${index % 50}/f${index}`, text]));

/** `main` and `other`, which differ in the files; `other` has so many commits on top of them. */
export async function twoBranches(folder: string, count: number, commits = 0): Promise<void> {
  await initGit(folder);
  await commit(folder, { ...many(count, 'main'), same: '1', 'gone/a': '1', 'gone/b': '1' });
  await git(folder, 'checkout', '--quiet', '-b', 'other');
  rmSync(path.join(folder, 'gone'), { recursive: true });
  await commit(folder, { ...many(count, 'other'), 'new/deep/a': '1' });
  for (let number = 0; number < commits; number += 1)
    await commit(folder, { [`commit${number}`]: '1', 'd0/f0': `${number}` });
  await git(folder, 'checkout', '--quiet', 'main');
}

/** The files that differ between them, sorted. */
export const changedBy = (count: number): string[] =>
  [...Object.keys(many(count, '')), 'gone/a', 'gone/b', 'new/deep/a'].sort();
