// npm run bench [-- NAME...] [-- --sandbox] [-- --json FILE]: how long an edit takes until it is in an answer, and how
// many requests fail on the way; see docs/benchmark.md for what each NAME measures. On the real cluster, with the real
// apps; or in the sandbox, where a quick server stands for the frontend.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openClusterStage } from '../harness/cluster-stage.ts';
import { output } from '../harness/command.ts';
import { Loop } from '../harness/devloop.ts';
import { takeLock } from '../harness/lock.ts';
import { root } from '../harness/paths.ts';
import { openSandboxStage } from '../harness/sandbox-stage.ts';
import { backendEdit, imageRebuild } from './backend-edit.ts';
import { frontendEdit } from './frontend-edit.ts';
import type { Measured, Measurement } from './measurement.ts';
import { report } from './report.ts';
import { sharedFileEdit } from './shared-file.ts';
import { unbundledEdit } from './unbundled-edit.ts';

const all: ReadonlyMap<string, Measurement> = new Map([
  ['backend', backendEdit],
  ['unbundled', unbundledEdit],
  ['frontend', frontendEdit],
  ['shared', sharedFileEdit],
  ['rebuild', imageRebuild],
]);

function chosen(names: readonly string[], inSandbox: boolean): Measurement[] {
  const here = [...all].filter(([, { clusterOnly }]) => !inSandbox || !clusterOnly);
  const unknown = names.find((name) => !here.some(([known]) => known === name));
  if (unknown !== undefined)
    throw new Error(`Nothing named ${unknown} is measured here; there are ${here.map(([name]) => name).join(', ')}`);
  return here.filter(([name]) => names.length === 0 || names.includes(name)).map(([, measurement]) => measurement);
}

async function bench(measurement: Measurement, inSandbox: boolean): Promise<readonly Measured[]> {
  const { fixture, services, prepare } = measurement;
  const stage = await (inSandbox
    ? openSandboxStage('bench', { host: 'devloop', fixture })
    : openClusterStage('bench', { fixture }));
  const { workspace, kubectl, env } = stage;
  let loop: Loop | undefined;
  try {
    const measure = await prepare(stage);
    loop = new Loop(['--namespace', kubectl.namespace], { cwd: workspace.folder, env });
    await loop.ready(services);
    return await measure(loop);
  } catch (error) {
    process.stderr.write(`${loop?.tail()}\n`);
    throw error;
  } finally {
    await loop?.stop();
    await stage.remove();
  }
}

const options = { json: { type: 'string' }, sandbox: { type: 'boolean', default: false } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
try {
  takeLock();
  const measurements = chosen(positionals, values.sandbox);
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  const measured: Measured[] = [];
  for (const measurement of measurements) {
    const results = await bench(measurement, values.sandbox);
    for (const one of results) process.stdout.write(`${report(one)}\n`);
    measured.push(...results);
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify(measured, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
