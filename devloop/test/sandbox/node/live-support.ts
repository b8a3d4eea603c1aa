import path from 'node:path';
import { buildSync } from 'esbuild';
import { systemClock } from '../../../src/adapters/clock/system-clock.ts';
import type { Live } from '../../../src/engine/outside.ts';
import { Bundles } from '../../../src/live/bundles.ts';
import { createLive } from '../../../src/live/create-live.ts';
import type { TestNode } from './support.ts';

/** The runner, bundled as the build does it. */
export function bundleRunner(folder: string): string {
  const outfile = path.join(folder, 'runner.cjs');
  const entry = path.join(import.meta.dirname, '../../../src/live/runner/main.ts');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node18',
    logLevel: 'silent',
  });
  return outfile;
}

/** The live updates of devloop, over a node's own port-forward; every image's runner wants the token. */
export function liveUpdates({ node, get, folder }: TestNode, token: string): Live {
  return createLive({
    bundles: new Bundles(folder),
    dial: (_namespace, pod, port) => node.dial(get(pod), port),
    exec: () => Promise.reject(new Error('the runner on Node needs no exec')),
    runnerOf: async () => ({ kind: 'node', token }),
    clock: systemClock,
  });
}
