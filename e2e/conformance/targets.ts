import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensureCluster } from '../harness/cluster.ts';
import { output } from '../harness/command.ts';

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

/** A sandbox of its own. */
export async function sandbox(): Promise<Target> {
  throw new Error('There is no sandbox yet.');
}
