import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { scenario } from '../harness/scenario.ts';
import { backendInfo, backendShows, markBackend, newMarker, useImageBuilds } from '../harness/tasks-app.ts';

// Of images; those of live updates are in live-saves.scenario.ts.
scenario('ten saves in a second', async ({ workspace, kubectl, ports, up }) => {
  await useImageBuilds(workspace);
  const loop = up();
  await loop.ready();
  const from = loop.mark();
  const markers = Array.from({ length: 10 }, () => newMarker());
  for (const marker of markers) {
    await markBackend(workspace, marker);
    await sleep(100);
  }
  await backendShows(ports, markers.at(-1) ?? '');
  // Long enough for an older build that was wrongly left running to come through.
  await sleep(5000);
  assert.equal((await backendInfo(ports)).marker, markers.at(-1));
  assert.equal((await kubectl.pods('backend')).length, 1);
  assert.ok(loop.since(from, 'deploy.succeeded').length < 10, 'older saves were left out');
  assert.deepEqual(loop.since(from, 'build.failed'), []);
});
