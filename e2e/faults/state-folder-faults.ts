import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { output } from '../harness/command.ts';
import type { Fault } from './fault.ts';
import type { Trial } from './trial.ts';

/** The project's `.devloop`, which devloop writes and others may spoil. */
export const stateFolderFaults: readonly Fault[] = [
  {
    ...{ name: 'state folder read-only', part: 'environment', within: 60_000, mayFail: 0 },
    inject: async (trial) => {
      await makeReadOnly(trial.stateFolder);
      await trial.editImage();
    },
    heal: (trial) => makeWritable(trial.stateFolder),
  },
  {
    ...{ name: 'state folder deleted', part: 'environment', within: 60_000, mayFail: 0 },
    inject: async (trial) => {
      await rm(trial.stateFolder, { recursive: true });
      await trial.editImage();
    },
  },
  {
    ...{ name: 'every file of the state folder spoilt', part: 'environment', within: 60_000, mayFail: 0 },
    inject: async (trial) => {
      await spoil(trial.stateFolder);
      await trial.editImage();
    },
  },
  {
    ...{ name: 'every file of the state folder spoilt before the next up', part: 'environment', within: 60_000 },
    inject: async (trial) => {
      await killed(trial);
      await spoil(trial.stateFolder);
    },
    heal: async (trial) => trial.up(),
  },
  {
    ...{ name: 'state folder read-only before the next up', part: 'environment', within: 60_000 },
    inject: async (trial) => {
      await killed(trial);
      await makeReadOnly(trial.stateFolder);
    },
    heal: async (trial) => trial.up(),
    also: (trial) => makeWritable(trial.stateFolder),
  },
];

async function killed({ loop }: Trial): Promise<void> {
  loop.signal('SIGKILL');
  await loop.ended();
}

/** Permissions do not hold root back: the folder is mounted over itself. */
async function makeReadOnly(folder: string): Promise<void> {
  await output('mount', ['--bind', folder, folder]);
  await output('mount', ['-o', 'remount,bind,ro', folder]);
}

const makeWritable = (folder: string): Promise<string> => output('umount', ['--lazy', folder]);

/** Puts bytes that are no text into each file below a folder. */
async function spoil(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('/tools'));
  for (const { parentPath, name } of files)
    await writeFile(path.join(parentPath, name), Buffer.from([0, 255, 123, 10]));
}
