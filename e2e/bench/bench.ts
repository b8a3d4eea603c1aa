// npm run bench [-- --json FILE]: how long an edit of the backend takes until the forwarded port answers with it, by
// image rebuild, and how many requests fail on the way. On the real cluster, with the real apps.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ensureCluster } from '../harness/cluster.ts';
import { output } from '../harness/command.ts';
import { Loop } from '../harness/devloop.ts';
import { Kubectl, namespacePrefix } from '../harness/kubectl.ts';
import { takeLock } from '../harness/lock.ts';
import { root } from '../harness/paths.ts';
import { requireFreePorts } from '../harness/ports.ts';
import { ownPorts, usePorts } from '../harness/tasks-app.ts';
import { Workspace } from '../harness/workspace.ts';
import { type Measured, measure } from './measure.ts';
import { report } from './report.ts';

async function bench(): Promise<Measured> {
  await requireFreePorts(Object.values(ownPorts));
  const { context, env } = await ensureCluster();
  const kubectl = new Kubectl(context, `${namespacePrefix}bench`, env);
  await kubectl.deleteNamespace();
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  const workspace = await Workspace.create();
  await usePorts(workspace, ownPorts);
  const loop = new Loop(['--namespace', kubectl.namespace], { cwd: workspace.folder, env });
  try {
    return await measure(loop, workspace);
  } catch (error) {
    process.stderr.write(`${loop.tail()}\n`);
    throw error;
  } finally {
    await loop.stop();
    await kubectl.deleteNamespace();
    await workspace.remove();
  }
}

const { values } = parseArgs({ options: { json: { type: 'string' } } });
try {
  takeLock();
  const measured = await bench();
  process.stdout.write(`${report(measured)}\n`);
  if (values.json) await writeFile(values.json, `${JSON.stringify(measured, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
