import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { signalGroup, startTimeOf } from './process-groups.ts';

/** The process groups that the node started, in one small file each, so that a killed devloop leaves none behind. */
export interface ProcessTable {
  readonly add: (group: number) => Promise<void>;
  readonly remove: (group: number) => Promise<void>;
}

/** Opens the table, and ends the groups that an earlier run left in it. @param folder absolute */
export async function openProcessTable(folder: string): Promise<ProcessTable> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const pid = Number(name);
    const written = await readFile(file, 'utf8').catch(() => '');
    // Ids are used again: only a process of the same start is the one that was started here.
    if (pid > 1 && written && written === (await startTimeOf(pid))) signalGroup(pid, 'SIGKILL');
    await rm(file, { force: true });
  }
  return {
    add: async (group) => {
      const start = await startTimeOf(group);
      if (start) await writeFile(path.join(folder, String(group)), start, { mode: 0o600 });
    },
    remove: (group) => rm(path.join(folder, String(group)), { force: true }),
  };
}
