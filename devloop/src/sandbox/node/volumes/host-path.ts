import type { Stats } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import type { Volume } from '../../store/objects.ts';
import { MountError } from './payload.ts';

/** What each type of a hostPath asks for, and its name in the kubelet's words. */
const types: Readonly<Record<string, readonly [(stats: Stats) => boolean, string]>> = {
  Directory: [(stats) => stats.isDirectory(), 'directory'],
  DirectoryOrCreate: [(stats) => stats.isDirectory(), 'directory'],
  File: [(stats) => stats.isFile(), 'file'],
  FileOrCreate: [(stats) => stats.isFile(), 'file'],
  Socket: [(stats) => stats.isSocket(), 'socket file'],
  CharDevice: [(stats) => stats.isCharacterDevice(), 'character device'],
  BlockDevice: [(stats) => stats.isBlockDevice(), 'block device'],
};

/**
 * Makes a path of this machine where its type says so, and looks whether it is of its type.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/volume/hostpath/host_path.go
 * @throws MountError
 */
export async function checkHostPath({ path, type = '' }: NonNullable<Volume['hostPath']>): Promise<void> {
  const look = () => stat(path).catch(() => undefined);
  const found = await look();
  // Without a type the container runtime makes a folder of what is missing.
  if (!found && (type === '' || type === 'DirectoryOrCreate')) await mkdir(path, { recursive: true, mode: 0o700 });
  if (!found && type === 'FileOrCreate') await writeFile(path, '', { mode: 0o600 });
  const [isOfType, what] = types[type] ?? [];
  const stats = found ?? (await look());
  if (isOfType && !(stats && isOfType(stats)))
    throw new MountError(`hostPath type check failed: ${path} is not a ${what}`);
}
