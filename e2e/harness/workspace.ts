import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { output } from './command.ts';
import { root } from './paths.ts';

/**
 * Copies what a clone with today's uncommitted work would have, but for the scenarios themselves.
 * @param leftOut folders that are not copied either
 */
export async function copyProject(folder: string, leftOut: readonly string[] = []): Promise<void> {
  const listed = await output('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  const isLeftOut = (file: string) => ['e2e', ...leftOut].some((one) => file.startsWith(`${one}/`));
  const files = listed.split('\0').filter((file) => file !== '' && !isLeftOut(file));
  for (const file of new Set(files)) {
    const to = path.join(folder, file);
    await mkdir(path.dirname(to), { recursive: true });
    // A file that was deleted but not committed is still listed.
    await cp(path.join(root, file), to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/**
 * A copy of the project in a folder of its own, so that no scenario's edits reach the repository. It has no devloop: the
 * repository's is under test.
 */
export class Workspace {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * A git repository, as a user's project is, with its packages installed.
   * @param fixture a folder of e2e/fixtures that it is a copy of, instead of the repository's sample
   */
  static async create(fixture?: string): Promise<Workspace> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'devloop-e2e-'));
    if (fixture === undefined) {
      await copyProject(folder, ['devloop', 'docs']);
      await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    } else await cp(path.join(root, 'e2e/fixtures', fixture), folder, { recursive: true });
    await output('git', ['-C', folder, 'init', '--quiet']);
    return new Workspace(folder);
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  read(file: string): Promise<string> {
    return readFile(this.path(file), 'utf8');
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(this.path(file), text);
  }

  /** Changes a file; an edit that changes nothing is a mistake of the scenario. */
  async edit(file: string, change: (text: string) => string): Promise<void> {
    const before = await this.read(file);
    const after = change(before);
    if (after === before) throw new Error(`The edit of ${file} changed nothing: does the file still have that text?`);
    await this.write(file, after);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
