// npm run soak:files [-- --sandbox] [-- --edits N] [-- --seed S]: random edits of one small service, one after the other, while
// it is asked all the time and its pods are deleted and its program ends now and then. See docs/benchmark.md.
import { parseArgs } from 'node:util';
import { openClusterStage } from '../harness/cluster-stage.ts';
import { output } from '../harness/command.ts';
import { Loop } from '../harness/devloop.ts';
import { writeLiveProject } from '../harness/live-project.ts';
import { takeLock } from '../harness/lock.ts';
import { root } from '../harness/paths.ts';
import { openSandboxStage } from '../harness/sandbox-stage.ts';
import { reportSoak } from './soak-report.ts';
import { SoakRun } from './soak-run.ts';

const fixture = 'live';

async function soak(edits: number, seed: number, inSandbox: boolean): Promise<boolean> {
  const stage = await (inSandbox
    ? openSandboxStage('soak', { host: 'devloop', fixture })
    : openClusterStage('soak', { fixture }));
  const { workspace, ports, kubectl, env } = stage;
  let loop: Loop | undefined;
  try {
    await writeLiveProject(workspace, ports.backend, {});
    loop = new Loop(['--namespace', kubectl.namespace], { cwd: workspace.folder, env });
    await loop.ready(['app']);
    const began = performance.now();
    const run = new SoakRun(stage, loop, seed, inSandbox);
    await run.make(edits);
    const { text, faults } = reportSoak(run, loop, (performance.now() - began) / 1000);
    process.stdout.write(`${text}\n`);
    for (const fault of faults.slice(run.faults.length)) process.stdout.write(`✗ ${fault}\n`);
    if (faults.length > 0) process.stderr.write(`${loop.tail()}\n`);
    return faults.length === 0;
  } catch (error) {
    if (loop) process.stderr.write(`${loop.tail()}\n`);
    throw error;
  } finally {
    await loop?.stop();
    await stage.remove();
  }
}

const options = {
  sandbox: { type: 'boolean', default: false },
  edits: { type: 'string', default: '2000' },
  seed: { type: 'string', default: '1' },
} as const;
try {
  const { values } = parseArgs({ options });
  const [edits, seed] = [Number(values.edits), Number(values.seed)];
  if (!Number.isSafeInteger(edits) || edits < 1) throw new Error('--edits takes a whole number above 0');
  if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number');
  // A sandbox is this run's own; a cluster is everybody's.
  if (!values.sandbox) takeLock();
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  process.exitCode = (await soak(edits, seed, values.sandbox)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`soak:files: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
