import { access, constants, mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * A PATH on which one program is not installed: each folder that has it is replaced by a folder of links to all else
 * that it has.
 */
export async function pathWithout(program: string, searchPath: string, work: string): Promise<string> {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  const replaced = folders.map(async (folder, index) => {
    const has = await access(path.join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!has) return folder;
    const shadow = path.join(work, `path-${index}`);
    await mkdir(shadow, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name !== program) await symlink(path.join(folder, name), path.join(shadow, name));
    }
    return shadow;
  });
  return (await Promise.all(replaced)).join(path.delimiter);
}
