// node e2e/bench/scale.ts [-- --json FILE]: how long 200 services with 400 pods take to run in the sandbox, and how long
// the dashboard takes from a key to the frame that it changes, while they start and afterwards.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { output } from '../harness/command.ts';
import { cli, root } from '../harness/paths.ts';
import { requireFreePorts } from '../harness/ports.ts';
import { DashboardTerminal } from './dashboard-terminal.ts';
import { measureScale, type ScaleMeasured } from './measure-scale.ts';
import { type ScaleProject, writeScaleProject } from './scale-project.ts';
import { spreadOf } from './stats.ts';

const project: ScaleProject = { services: 200, replicas: 2, firstPort: 17_000, sleeps: `100000.${process.pid}` };

async function bench(profile: string | undefined): Promise<ScaleMeasured> {
  await requireFreePorts(Array.from({ length: project.services }, (_, index) => project.firstPort + index));
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'devloop-scale-'));
  await writeScaleProject(folder, project);
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const flags = profile ? `--cpu-prof --cpu-prof-dir='${profile}'` : '';
  const command = `'${process.execPath}' ${flags} '${cli}' up --cluster sandbox`;
  const terminal = new DashboardTerminal(command, { cwd: folder, env: process.env, columns: 120, rows: 40 });
  try {
    return await measureScale(terminal, project, path.join(folder, '.devloop/sandbox/kubeconfig'));
  } finally {
    await terminal.quit();
    await rm(folder, { recursive: true, force: true });
  }
}

function report({ running, starting, afterwards }: ScaleMeasured): string {
  const rows = Object.entries({ 'while starting': starting, afterwards }).map(([when, keys]) => {
    const { median, p99, max } = spreadOf(keys);
    const cells = [keys.length, median, p99, max].map((value) => value.toFixed(0).padStart(8));
    return when.padEnd(16) + cells.join('');
  });
  const pods = project.services * project.replicas;
  return [
    `${pods} pods of ${project.services} services ready after ${(running / 1000).toFixed(1)} s`,
    `${'key to frame, ms'.padEnd(16)}${['keys', 'median', 'p99', 'max'].map((name) => name.padStart(8)).join('')}`,
    ...rows,
  ].join('\n');
}

const { values } = parseArgs({ options: { json: { type: 'string' }, profile: { type: 'string' } } });
try {
  const measured = await bench(values.profile);
  process.stdout.write(`${report(measured)}\n`);
  if (values.json) await writeFile(values.json, `${JSON.stringify(measured)}\n`);
} catch (error) {
  process.stderr.write(`scale: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
