// npm run capture: brings the sample app up on the real cluster, makes an edit, and draws what the dashboard then shows
// into docs/images/dashboard.svg.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCluster } from '../harness/cluster.ts';
import { output } from '../harness/command.ts';
import { Kubectl } from '../harness/kubectl.ts';
import { root } from '../harness/paths.ts';
import { Terminal } from '../harness/terminal.ts';
import { ensureTools } from '../harness/tools.ts';
import { Workspace } from '../harness/workspace.ts';
import { screenToSvg } from './svg.ts';

const columns = 118;
const rows = 24;
const namespace = 'tasks';

await ensureTools();
const { context, env } = await ensureCluster();
const kubectl = new Kubectl(context, namespace, env);
await output('npm', ['run', '--silent', 'build'], { cwd: root });
await kubectl.deleteNamespace();
const workspace = await Workspace.create();
const terminal = await Terminal.open({ cwd: workspace.folder, env, columns, rows });
try {
  await terminal.type('devloop up');
  await terminal.until('both services ready', (screen) => (screen.match(/\bready\b/g) ?? []).length >= 2);
  for (let visit = 0; visit < 3; visit += 1) await fetch('http://localhost:3000/').then((response) => response.text());
  await workspace.edit('apps/backend/src/server.ts', (text) => `${text}// An edit.\n`);
  await terminal.until('the edit live', (screen) => /backend.*ready.*edit 1/.test(screen));
  await sleep(4000);
  const lines = (await terminal.colouredScreen()).split('\n').slice(0, rows);
  const file = path.join(root, 'docs/images/dashboard.svg');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, await screenToSvg(lines, columns));
  await terminal.press('q');
  await terminal.until('the shell again', (screen) => screen.includes('keeps running'));
} finally {
  await terminal.close();
  await kubectl.deleteNamespace();
  await workspace.remove();
}
