import assert from 'node:assert/strict';
import { scenario } from '../harness/scenario.ts';
import {
  backendInfo,
  breakBackend,
  crashBackend,
  markBackend,
  newMarker,
  useImageBuilds,
} from '../harness/tasks-app.ts';

// Of images; those of live updates are in live-backend.scenario.ts.

scenario('a broken build', async ({ workspace, kubectl, ports, up }) => {
  await useImageBuilds(workspace);
  const first = newMarker();
  await markBackend(workspace, first);
  const loop = up();
  await loop.ready();
  const [pod] = await kubectl.pods('backend');
  const good = await workspace.read('apps/backend/src/server.ts');

  let from = loop.mark();
  const file = await breakBackend(workspace);
  const { problem } = await loop.next('build.failed', () => true, { from });
  const shown = [problem.title, problem.why, ...(problem.evidence ?? [])].join('\n');
  assert.match(shown, /server\.ts:\d+/, 'the file and line');
  assert.match(shown, /Unexpected ";"/, "the compiler's own words");
  assert.equal((await backendInfo(ports)).marker, first, 'the old pod serves');
  assert.equal((await kubectl.pods('backend'))[0]?.metadata.uid, pod?.metadata.uid);
  assert.deepEqual(loop.since(from, 'deploy.started'), [], 'nothing was deployed');

  from = loop.mark();
  const healed = newMarker();
  await markBackend(workspace, healed);
  await loop.next('build.failed', () => true, { from });
  from = loop.mark();
  await workspace.write(file, good);
  await loop.next('service.live', (event) => event.service === 'backend', { from });
  assert.equal((await backendInfo(ports)).marker, healed, 'the next good save heals it');
});

scenario('a crashing app', async ({ workspace, ports, up }) => {
  await useImageBuilds(workspace);
  const first = newMarker();
  await markBackend(workspace, first);
  const loop = up();
  await loop.ready();
  const good = await workspace.read('apps/backend/src/server.ts');

  let from = loop.mark();
  const reason = `cannot start ${newMarker()}`;
  const file = await crashBackend(workspace, reason);
  const crash = await loop.next('container.crashed', () => true, { from });
  assert.deepEqual([crash.service, crash.container, crash.exitCode], ['backend', 'backend', 1]);
  assert.match(crash.lines.join('\n'), new RegExp(reason), 'its last lines');
  assert.equal((await backendInfo(ports)).marker, first, 'the old pod serves');

  from = loop.mark();
  const healed = newMarker();
  await markBackend(workspace, healed);
  await workspace.write(file, good);
  await loop.next('service.live', (event) => event.service === 'backend', { from });
  assert.equal((await backendInfo(ports)).marker, healed, 'the next good save heals it');
});
