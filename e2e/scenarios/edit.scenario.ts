import assert from 'node:assert/strict';
import { poll } from '../harness/http.ts';
import { type Scenario, scenario } from '../harness/scenario.ts';
import {
  type AppPorts,
  backendInfo,
  frontendPage,
  markBackend,
  markFrontend,
  newMarker,
  setDevValue,
} from '../harness/tasks-app.ts';

scenario('an edit of the backend', async (given) => {
  await editOf(given, 'backend', markBackend, async (ports, marker) => {
    // Not polled: an edit that is said to be live has to be in the very next answer.
    assert.equal((await backendInfo(ports)).marker, marker);
  });
});

scenario('an edit of the frontend', async (given) => {
  await editOf(given, 'frontend', markFrontend, async (ports, marker) => {
    // Polled: the file is there, but next dev has to notice it.
    const shows = async () => ((await frontendPage(ports)).body.includes(`<h1>Tasks ${marker}`) ? true : undefined);
    await poll(`the frontend to show ${marker}`, shows);
  });
});

async function editOf(
  { workspace, kubectl, ports, up }: Scenario,
  service: 'backend' | 'frontend',
  mark: typeof markBackend,
  assertLive: (ports: AppPorts, marker: string) => Promise<void>,
): Promise<void> {
  const loop = up();
  await loop.ready();
  const pods = await kubectl.podUids();

  const from = loop.mark();
  const marker = newMarker();
  const file = await mark(workspace, marker);
  const edit = await loop.next('edit', () => true, { from });
  assert.deepEqual({ files: edit.files, services: edit.services }, { files: [file], services: [service] });
  // On a busy machine the system tells of one save in two parts, which are two edits.
  const live = await loop.next('service.live', (event) => event.edit >= edit.edit, { from });
  assert.equal(live.service, service);
  await assertLive(ports, marker);

  const updated = new Set(loop.since(from, 'update.prepared').map((event) => event.service));
  assert.deepEqual([...updated], [service], 'only it was updated');
  assert.deepEqual(loop.since(from, 'build.started'), [], 'nothing was built');
  assert.deepEqual(await kubectl.podUids(), pods, 'both pods stay');
  const { watch, build, deploy, ready, total } = live.ms;
  assert.ok(Math.abs(watch + build + deploy + ready - total) <= 1, `the parts add up: ${JSON.stringify(live.ms)}`);
}

scenario('an edit of a chart value', async ({ workspace, kubectl, ports, up }) => {
  const loop = up();
  await loop.ready();
  const [frontend] = await kubectl.pods('frontend');

  const from = loop.mark();
  const message = `Hello ${newMarker()}`;
  await setDevValue(workspace, 'backend.config.message', message);
  const deployed = await loop.next('deploy.succeeded', () => true, { from });
  assert.equal(deployed.by, 'helm');
  await poll('the message', async () => ((await backendInfo(ports)).message === message ? true : undefined));

  assert.deepEqual(loop.since(from, 'build.started'), [], 'nothing was built');
  assert.equal(
    (await kubectl.pods('frontend'))[0]?.metadata.uid,
    frontend?.metadata.uid,
    'the frontend was not rolled',
  );
});
