import { mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { output } from '../harness/command.ts';
import type { Fault } from './fault.ts';
import type { Trial } from './trial.ts';

/** Edits that come as no editor makes them, and disks that take no more. */
export const editFaults: readonly Fault[] = [
  {
    ...{ name: 'ten saves in a second', part: 'supersede', within: 5000, mayFail: 0 },
    inject: (trial) => tenTimes(() => trial.edit()),
  },
  {
    ...{ name: 'ten saves in a second, each an image', part: 'supersede', within: 60_000, mayFail: 0 },
    inject: (trial) => tenTimes(() => trial.editImage()),
  },
  {
    ...{ name: 'git checkout of 1,000 files there and back', part: 'watcher', within: 20_000, mayFail: 0 },
    inject: checkOutThereAndBack,
  },
  {
    ...{ name: 'a folder replaced by a file and back', part: 'watcher', within: 15_000, mayFail: 0 },
    inject: async ({ workspace }) => {
      const folder = workspace.path('numbered/src/things');
      for (let time = 0; time < 10; time += 1) {
        await mkdir(folder);
        await writeFile(`${folder}/thing`, `${time}`);
        await rm(folder, { recursive: true });
        await writeFile(folder, `${time}`);
        await rm(folder);
      }
    },
  },
  {
    ...{ name: 'temporary files and state on a full disk', part: 'environment', within: 30_000, mayFail: 0 },
    inject: async (trial) => {
      for (const folder of trial.writtenFolders) await mountFull(folder);
      await trial.editImage();
    },
    heal: async (trial) => {
      for (const folder of trial.writtenFolders) await output('umount', ['--lazy', folder]);
    },
  },
];

async function tenTimes(work: () => Promise<void>): Promise<void> {
  for (let time = 0; time < 10; time += 1) {
    await work();
    await sleep(100);
  }
}

async function checkOutThereAndBack({ workspace }: Trial): Promise<void> {
  const git = (...args: string[]) =>
    output('git', ['-C', workspace.folder, '-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost', ...args]);
  const folder = workspace.path('numbered/src/many');
  await git('add', 'devloop.config.ts', 'chart');
  await git('commit', '--quiet', '--allow-empty', '--message', 'before');
  const here = (await git('rev-parse', '--abbrev-ref', 'HEAD')).trim();
  await git('checkout', '--quiet', '-B', 'many');
  await mkdir(folder, { recursive: true });
  for (let file = 0; file < 1000; file += 1) await writeFile(`${folder}/${file}`, `${file}`);
  await git('add', 'numbered/src/many');
  await git('commit', '--quiet', '--message', 'many');
  await git('checkout', '--quiet', here);
  await git('checkout', '--quiet', 'many');
  await git('checkout', '--quiet', here);
}

/** Puts a file system of 64 KiB without room over a folder. */
async function mountFull(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await output('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'devloop-faults', folder]);
  await writeFile(`${folder}/filler`, Buffer.alloc(64 * 1024)).catch(() => undefined);
}
