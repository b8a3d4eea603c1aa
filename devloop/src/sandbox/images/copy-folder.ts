import { existsSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Copies the files of a folder for a build.
 * @param files absolute paths; those outside of the folder are left out
 */
export async function copyFolder(from: string, to: string, files: readonly string[]): Promise<void> {
  const own = files.filter((file) => file.startsWith(`${from}${path.sep}`)).map((file) => path.relative(from, file));
  const folders = new Set(own.map((file) => path.dirname(file)));
  await Promise.all([...folders].map((folder) => mkdir(path.join(to, folder), { recursive: true })));
  await Promise.all(own.map((file) => cp(path.join(from, file), path.join(to, file), { verbatimSymlinks: true })));
  // Packages above the project's folder are found by walking up; those beside the sources need a way.
  const packages = path.join(from, 'node_modules');
  if (existsSync(packages)) await symlink(packages, path.join(to, 'node_modules'));
}
