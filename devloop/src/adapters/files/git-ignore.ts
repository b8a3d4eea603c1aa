import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

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
    const relative = path.relative(root, absolute);
    if (relative === '' || relative.startsWith('..')) return false;
    const parts = relative.split(path.sep);
    if (parts.includes('.git')) return true;
    let verdict = false;
    let folder = root;
    for (let depth = 0; depth < parts.length; depth += 1) {
      const below = parts.slice(depth).join('/') + (isFolder ? '/' : '');
      const result = rulesIn(folder)?.test(below);
      if (result?.ignored) verdict = true;
      else if (result?.unignored) verdict = false;
      folder = path.join(folder, parts[depth] ?? '');
    }
    return verdict;
  };
}
