import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isInside } from './is-inside.ts';

/**
 * Does a .gitignore between the root and the file exclude it? `.git` itself always is. Rules are read once. Only what
 * is known to be a folder is held against a rule for folders (`dist/`).
 */
export function createGitIgnore(root: string): (absolute: string, isFolder?: boolean) => boolean {
  const rules = new Map<string, Ignore | undefined>();
  const rulesIn = (folder: string): Ignore | undefined => {
    if (!rules.has(folder)) {
      const file = path.join(folder, '.gitignore');
      rules.set(folder, existsSync(file) ? ignore().add(readFileSync(file, 'utf8')) : undefined);
    }
    return rules.get(folder);
  };
  return (absolute, isFolder = false) => {
    if (absolute === root || !isInside(root, absolute)) return false;
    const parts = path.relative(root, absolute).split(path.sep);
    if (parts.includes('.git')) return true;
    let verdict = false;
    let folder = root;
    for (let depth = 0; depth < parts.length; depth += 1) {
      const result = rulesIn(folder)?.test(parts.slice(depth).join('/') + (isFolder ? '/' : ''));
      if (result?.ignored) verdict = true;
      else if (result?.unignored) verdict = false;
      folder += path.sep + parts[depth];
    }
    return verdict;
  };
}
