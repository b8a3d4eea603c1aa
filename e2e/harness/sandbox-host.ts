import path from 'node:path';
import { systemClock } from '../../devloop/src/adapters/clock/system-clock.ts';
import { holdSandbox } from '../../devloop/src/cli/sandbox-hold.ts';
import { localImages } from '../../devloop/src/sandbox/images/local-images.ts';
import { startSandbox } from '../../devloop/src/sandbox/start-sandbox.ts';
import { root } from './paths.ts';

/**
 * Runs a project's sandbox in this process. Each devloop of the project attaches to it, so that a release outlives a
 * `devloop up --once`, as on a real cluster.
 * @param folder the sandbox's own: `.devloop/sandbox` of the project
 * @returns what ends it, with all its containers; rejects when the sandbox itself made a mistake meanwhile
 */
export async function hostSandbox(folder: string): Promise<() => Promise<void>> {
  const hold = await holdSandbox(folder, systemClock, async () => false);
  if (hold === 'taken') throw new Error(`Another process runs a sandbox in ${folder}`);
  const faults: Error[] = [];
  const sandbox = await startSandbox({
    folder,
    clock: systemClock,
    images: localImages(path.join(folder, 'images')),
    env: { PATH: [path.dirname(process.execPath), process.env['PATH'] ?? ''].join(path.delimiter) },
    nodeProgram: process.execPath,
    hookFile: path.join(root, 'devloop/dist/pod-hook.cjs'),
    runPods: true,
    onError: (where, error) => faults.push(new Error(`${where} of the sandbox failed`, { cause: error })),
  });
  return async () => {
    await sandbox.close();
    await hold.release();
    if (faults.length > 0) throw new AggregateError(faults, `The sandbox failed ${faults.length} times`);
  };
}
