import assert from 'node:assert/strict';
import { mkdir, open, readFile, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { output, run } from '../harness/command.ts';
import type { Loop } from '../harness/devloop.ts';
import { scenario } from '../harness/scenario.ts';
import { type AppPorts, backendInfo, backendShows, markBackend, newMarker } from '../harness/tasks-app.ts';
import type { Workspace } from '../harness/workspace.ts';

const many = 'apps/backend/src/many';

scenario('git, a touch and a stop of the process', async ({ workspace, ports, up }) => {
  const { main, other } = await makeBranches(workspace);
  const loop = up();
  await loop.ready();
  assert.equal((await backendInfo(ports)).marker, main);
  await checkoutIsOneEdit(loop, workspace, ports, other);
  await nothingIsNoEdit(loop, workspace, ports);
  await conflictDoesNotHold(loop, workspace, ports);
  await missedIsFound(loop, workspace, ports);
});

/** Two branches with another marker each; `other` has a few hundred files more. */
async function makeBranches(workspace: Workspace): Promise<{ main: string; other: string }> {
  const [main, other] = [newMarker(), newMarker()];
  await markBackend(workspace, main);
  await git(workspace, 'checkout', '--quiet', '-b', 'ours');
  await commitAll(workspace);
  await git(workspace, 'checkout', '--quiet', '-b', 'other');
  await markBackend(workspace, other);
  await mkdir(workspace.path(many));
  for (let file = 0; file < 400; file += 1)
    await workspace.write(`${many}/f${file}.ts`, `export const value = ${file};\n`);
  await commitAll(workspace);
  await git(workspace, 'checkout', '--quiet', 'ours');
  return { main, other };
}

async function checkoutIsOneEdit(loop: Loop, workspace: Workspace, ports: AppPorts, marker: string): Promise<void> {
  const from = loop.mark();
  await git(workspace, 'checkout', '--quiet', 'other');
  await backendShows(ports, marker);
  const [edit, ...more] = await editsSince(loop, workspace, from);
  assert.deepEqual(more, []);
  assert.equal(edit?.filter((file) => file.startsWith(many)).length, 400);
}

/** A touch, and a checkout there and back. */
async function nothingIsNoEdit(loop: Loop, workspace: Workspace, ports: AppPorts): Promise<void> {
  const { marker } = await backendInfo(ports);
  const from = loop.mark();
  await utimes(workspace.path('apps/backend/src/server.ts'), 1, 1);
  const thereAndBack = 'git checkout --quiet ours && git checkout --quiet other';
  await output('sh', ['-c', thereAndBack], { cwd: workspace.folder });
  assert.deepEqual(await editsSince(loop, workspace, from), []);
  assert.deepEqual(loop.since(from, 'build.started'), []);
  assert.equal((await backendInfo(ports)).marker, marker);
}

/** A rebase that waits for the user lets what it has left go, and each save after it. */
async function conflictDoesNotHold(loop: Loop, workspace: Workspace, ports: AppPorts): Promise<void> {
  const from = loop.mark();
  const mine = newMarker();
  await markBackend(workspace, mine);
  await commitAll(workspace);
  await git(workspace, 'checkout', '--quiet', '-b', 'third', 'ours');
  await markBackend(workspace, newMarker());
  await commitAll(workspace);
  const rebase = await run('git', ['rebase', 'other'], { cwd: workspace.folder });
  assert.notEqual(rebase.code, 0, 'it has a conflict');
  const broken = (event: { readonly service: string }) => event.service === 'backend';
  await Promise.race([loop.next('update.failed', broken, { from }), loop.next('build.failed', broken, { from })]);
  await git(workspace, 'checkout', '--ours', 'apps/backend/src/status-routes.ts');
  await backendShows(ports, mine);
  await git(workspace, 'rebase', '--abort');
  await git(workspace, 'checkout', '--quiet', 'other');
  await backendShows(ports, mine);
}

/** More happens than the system keeps for a process that stands still. */
async function missedIsFound(loop: Loop, workspace: Workspace, ports: AppPorts): Promise<void> {
  const marker = newMarker();
  await loop.whileStopped(async () => {
    if (process.platform === 'linux') await fillQueue(workspace);
    await markBackend(workspace, marker);
  });
  await backendShows(ports, marker);
}

/** Two files that make no edit; no event equals the one before, which the system would leave out. */
async function fillQueue(workspace: Workspace): Promise<void> {
  const limit = Number(await readFile('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
  const files = await Promise.all(['a', 'b'].map((name) => open(workspace.path(`apps/backend/src/${name}~`), 'w')));
  for (let event = 0; event <= limit; event += 1) await files[event % 2]?.write('x');
  for (const file of files) await file.close();
}

/** The files of each edit, once nothing more comes: a save in the chart is heard of after everything else. */
async function editsSince(loop: Loop, workspace: Workspace, from: number): Promise<string[][]> {
  // The watcher looks a second time for what it has missed.
  await sleep(1000);
  const last = 'helm/last.txt';
  await workspace.write(last, newMarker());
  const edits = () => loop.since(from, 'edit').map(({ files }) => files);
  await loop.until('the last save to be heard of', () => edits().some((files) => files.includes(last)));
  return edits()
    .map((files) => files.filter((file) => file !== last))
    .filter((files) => files.length > 0);
}

async function commitAll(workspace: Workspace): Promise<void> {
  await git(workspace, 'add', '--all');
  await git(workspace, 'commit', '--quiet', '--message', 'files');
}

const git = (workspace: Workspace, ...args: readonly string[]): Promise<string> =>
  output('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false', ...args], {
    cwd: workspace.folder,
  });
