import { constants } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentFault, Fault, messageOf } from '../model/errors.ts';
import type { ProjectSpec } from '../model/project.ts';

/**
 * A folder of the project's state, `.devloop/NAME`, made when it is missing; git leaves it alone.
 * @throws Fault (environment) when it cannot be made or written
 */
export async function stateFolder({ root }: Pick<ProjectSpec, 'root'>, name: string): Promise<string> {
  const folder = path.join(root, '.devloop', name);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch (error) {
    // On a file system that is read-only, Node.js says ENOENT of a folder that it was to make.
    throw stateFault(folder, (await whyNotWritable(folder)) ?? error);
  }
  // Without it git shows the folder, which is no reason to stop. One that is there is not written: a full disk would empty it.
  await writeFile(path.join(root, '.devloop/.gitignore'), '*\n', { flag: 'wx' }).catch(() => {});
  return folder;
}

/** The system's error about writing the nearest folder above that is there. */
async function whyNotWritable(folder: string): Promise<unknown> {
  try {
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    const above = path.dirname(folder);
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && above !== folder ? whyNotWritable(above) : error;
  }
}

/** What the system says of a folder that cannot be used, and what helps. */
const causes: Readonly<Record<string, { readonly why: string; readonly fix: string }>> = {
  EEXIST: { why: 'a file is in its place', fix: 'Move that file away: devloop makes the folder.' },
  ENOTDIR: { why: 'a file is in its place', fix: 'Move that file away: devloop makes the folder.' },
  EACCES: {
    why: 'this user may not write it',
    fix: 'Give this user the folder (chown), or remove it: devloop makes it anew.',
  },
  EPERM: {
    why: 'this user may not write it',
    fix: 'Give this user the folder (chown), or remove it: devloop makes it anew.',
  },
  EROFS: { why: 'its file system is read-only', fix: 'Mount it writable, or work in a copy of the project elsewhere.' },
  ENOSPC: { why: 'the disk is full', fix: 'Make room: see `df -h` and `docker system df`.' },
  EDQUOT: { why: "this user's share of the disk is used up", fix: 'Make room: see `quota`.' },
};

/** An error of the system about a folder of the project's state, as what the user can mend; other errors stay. */
export function stateFault(folder: string, error: unknown): unknown {
  const code = error instanceof Fault ? undefined : (error as NodeJS.ErrnoException | undefined)?.code;
  // Node's own begin with ERR_.
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const { why, fix } = causes[code] ?? { why: messageOf(error), fix: 'See that this user can write it.' };
  return environmentFault({ title: "devloop's state folder cannot be used", why: `${folder}: ${why}`, fix });
}
