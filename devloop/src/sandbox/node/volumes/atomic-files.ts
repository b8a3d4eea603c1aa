import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Payload } from './payload.ts';

/**
 * Replaces the files of a volume in one step, as the kubelet does: they lie in a folder of their own, `..data` points to
 * it, and each name of the volume points into `..data`.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/volume/util/atomic_writer.go
 * @param folder absolute
 * @param stamp differs each time: the name of the new folder
 */
export async function writeAtomically(folder: string, payload: Payload, stamp: string): Promise<void> {
  const version = `..${stamp}`;
  await mkdir(path.join(folder, version), { recursive: true, mode: 0o700 });
  for (const [name, { data, mode }] of payload) {
    const file = path.join(folder, version, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, data, { mode: 0o600 });
    // The owner reads it whatever the mode says: there is no root here that could.
    await chmod(file, mode | 0o400);
  }
  await rm(path.join(folder, '..data_tmp'), { force: true });
  await symlink(version, path.join(folder, '..data_tmp'));
  await rename(path.join(folder, '..data_tmp'), path.join(folder, '..data'));

  const wanted = new Set([...payload.keys()].map((name) => name.split('/')[0] ?? name));
  const present = new Set(await readdir(folder));
  for (const name of wanted) if (!present.has(name)) await symlink(path.join('..data', name), path.join(folder, name));
  for (const name of present) {
    const isOld = name.startsWith('..') ? name !== '..data' && name !== version : !wanted.has(name);
    if (isOld) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}
