import path from 'node:path';
import { systemClock } from '../../devloop/src/adapters/clock/system-clock.ts';
import { createFiles } from '../../devloop/src/adapters/files/project-files.ts';
import { createRunCommand } from '../../devloop/src/adapters/processes/run-command.ts';
import { holdSandbox } from '../../devloop/src/cli/sandbox-hold.ts';
import { createLocalImages } from '../../devloop/src/sandbox/images/create-local-images.ts';
import { startSandbox } from '../../devloop/src/sandbox/start-sandbox.ts';
import { root } from './paths.ts';

const unheard = { started: () => {}, ended: () => {} };

/**
 * Runs a project's sandbox in this process. Each devloop of the project attaches to it, so that a release outlives a
 * `devloop up --once`, as on a real cluster.
 * @param folder the sandbox's own: `.devloop/sandbox` of the project
 * @returns what ends it, with all its containers; rejects when the sandbox itself made a mistake meanwhile
 */
export async function hostSandbox(folder: string): Promise<() => Promise<void>> {
  const images = createLocalImages({
    folder: path.join(folder, 'images'),
    run: createRunCommand(unheard, systemClock.now),
    files: createFiles(systemClock),
    env: {},
    inUse: async () => undefined,
  });
  const hold = await holdSandbox(folder, systemClock, async () => false);
  if (hold === 'taken') throw new Error(`Another process runs a sandbox in ${folder}`);
  const faults: Error[] = [];
  const sandbox = await startSandbox({
    folder,
    clock: systemClock,
    images,
    env: { PATH: [path.dirname(process.execPath), process.env['PATH'] ?? ''].join(path.delimiter) },
    nodeProgram: process.execPath,
    hookFile: path.join(root, 'devloop/dist/pod-hook.cjs'),
    runPods: true,
    onError: (where, error) => faults.push(new Error(`${where} of the sandbox failed`, { cause: error })),
  });
  return async () => {
    await sandbox.close();
    await images.close();
    await hold.release();
    if (faults.length > 0) throw new AggregateError(faults, `The sandbox failed ${faults.length} times`);
  };
}
