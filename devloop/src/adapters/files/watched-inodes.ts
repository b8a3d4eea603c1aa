import { readdirSync, readFileSync } from 'node:fs';

/**
 * The inodes that this process has inotify watches of; none where the system does not tell. Linux: proc(5),
 * /proc/PID/fdinfo: `inotify wd:2 ino:7ef82a sdev:800001 mask:800afff …`, in hexadecimal.
 */
export function watchedInodes(): ReadonlySet<number> {
  const inodes = new Set<number>();
  for (const descriptor of read(() => readdirSync('/proc/self/fdinfo'), [])) {
    const text = read(() => readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'), '');
    for (const [, inode = ''] of text.matchAll(/^inotify wd:\w+ ino:(\w+)/gm)) inodes.add(Number.parseInt(inode, 16));
  }
  return inodes;
}

function read<Value>(work: () => Value, otherwise: Value): Value {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
