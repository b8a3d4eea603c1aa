import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProjectSpec } from '../model/project.ts';

/** A folder of the project's state, `.devloop/NAME`, made when it is missing; git leaves it alone. */
export async function stateFolder({ root }: ProjectSpec, name: string): Promise<string> {
  const folder = path.join(root, '.devloop', name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(root, '.devloop/.gitignore'), '*\n');
  return folder;
}
