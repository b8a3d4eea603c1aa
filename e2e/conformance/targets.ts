import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '../../devloop/src/adapters/clock/system-clock.ts';
import { findBaseImage } from '../../devloop/src/sandbox/images/base-images.ts';
import { startSandbox } from '../../devloop/src/sandbox/start-sandbox.ts';
import { ensureCluster } from '../harness/cluster.ts';
import { output } from '../harness/command.ts';
import { root } from '../harness/paths.ts';

/** An API server that the checks run against. */
export interface Target {
  readonly name: 'real' | 'sandbox';
  /** Path of a kubeconfig file whose current context is the target. */
  readonly kubeconfig: string;
  /** Ends what was started for the run. */
  readonly stop: () => Promise<void>;
}

/** The cluster of `npm run e2e`, which is left running. */
export async function realCluster(): Promise<Target> {
  const { context, env } = await ensureCluster();
  const view = ['config', 'view', '--minify', '--flatten', '--raw'];
  const config = await output('kubectl', ['--context', context, ...view], { env });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'devloop-conformance-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, config, { mode: 0o600 });
  return { name: 'real', kubeconfig, stop: () => rm(folder, { recursive: true, force: true }) };
}

/** A sandbox of this process, with what the built devloop has. */
export async function sandbox(): Promise<Target> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'devloop-conformance-'));
  const running = await startSandbox({
    folder,
    clock: systemClock,
    images: { find: (reference) => findBaseImage(reference, folder) },
    env: { PATH: process.env['PATH'] ?? '' },
    nodeProgram: process.execPath,
    hookFile: path.join(root, 'devloop/dist/pod-hook.cjs'),
    runPods: true,
    onError: (where, error) => {
      throw new Error(`a fault of the sandbox: ${where}`, { cause: error });
    },
  });
  const stop = async () => {
    await running.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { name: 'sandbox', kubeconfig: running.kubeconfig, stop };
}
