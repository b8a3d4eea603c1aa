// npm run bench [-- --sandbox] [-- --json FILE]: how long an edit of the backend takes until the forwarded port answers
// with it, and how many requests fail on the way. By image rebuild on the real cluster, with the real apps; or in the
// sandbox, where a quick server stands for the frontend.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openClusterStage } from '../harness/cluster-stage.ts';
import { output } from '../harness/command.ts';
import { Loop } from '../harness/devloop.ts';
import { takeLock } from '../harness/lock.ts';
import { root } from '../harness/paths.ts';
import { openSandboxStage } from '../harness/sandbox-stage.ts';
import { type Measured, measure } from './measure.ts';
import { report } from './report.ts';

async function bench(inSandbox: boolean): Promise<Measured> {
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  const stage = inSandbox ? await openSandboxStage('bench', 'devloop') : await openClusterStage('bench', false);
  const { workspace, kubectl, ports, env } = stage;
  const loop = new Loop(['--namespace', kubectl.namespace], { cwd: workspace.folder, env });
  try {
    return await measure(loop, workspace, ports);
  } catch (error) {
    process.stderr.write(`${loop.tail()}\n`);
    throw error;
  } finally {
    await loop.stop();
    await stage.remove();
  }
}

const { values } = parseArgs({ options: { json: { type: 'string' }, sandbox: { type: 'boolean', default: false } } });
try {
  takeLock();
  const measured = await bench(values.sandbox);
  process.stdout.write(`${report(measured)}\n`);
  if (values.json) await writeFile(values.json, `${JSON.stringify(measured, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
