import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TempFolder {
  readonly root: string;
  /** Writes a file, with the folders above it; returns its absolute path. */
  readonly write: (relative: string, text: string) => string;
  readonly path: (relative: string) => string;
  readonly remove: () => void;
}

/** A folder of its own for one test. @param files what is in it at first, by relative path */
export function createTempFolder(files: Readonly<Record<string, string>> = {}): TempFolder {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'devloop-test-')));
  const absolute = (relative: string) => path.join(root, relative);
  const write = (relative: string, text: string) => {
    const file = absolute(relative);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  for (const [relative, text] of Object.entries(files)) write(relative, text);
  return { root, write, path: absolute, remove: () => rmSync(root, { recursive: true, force: true }) };
}
