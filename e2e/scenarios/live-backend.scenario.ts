import assert from 'node:assert/strict';
import { type Scenario, scenario } from '../harness/scenario.ts';
import { backendInfo, breakBackend, crashBackend, markBackend, newMarker } from '../harness/tasks-app.ts';

const ofBackend = ({ service }: { readonly service: string }) => service === 'backend';

scenario('a bundle that is broken, and one that crashes', async (given) => {
  const { workspace, kubectl, ports, up } = given;
  const loop = up('backend');
  await loop.ready(['backend']);
  const [pod] = await kubectl.pods('backend');
  const good = await workspace.read('apps/backend/src/server.ts');
  const first = await markedLive(given, loop);

  let from = loop.mark();
  const file = await breakBackend(workspace);
  const { problem } = await loop.next('update.failed', () => true, { from });
  const shown = [problem.title, problem.why, ...(problem.evidence ?? [])].join('\n');
  assert.match(shown, /server\.ts:\d+/, 'the file and line');
  assert.match(shown, /Unexpected ";"/, "the compiler's own words");
  assert.equal((await backendInfo(ports)).marker, first, 'the old process serves');
  from = loop.mark();
  const healed = newMarker();
  await markBackend(workspace, healed);
  await loop.next('update.failed', () => true, { from });
  from = loop.mark();
  await workspace.write(file, good);
  await loop.next('service.live', ofBackend, { from });
  assert.equal((await backendInfo(ports)).marker, healed, 'the next good save heals it');
  assert.equal((await kubectl.pods('backend'))[0]?.metadata.uid, pod?.metadata.uid, 'the same pod');

  from = loop.mark();
  const reason = `cannot start ${newMarker()}`;
  await crashBackend(workspace, reason);
  const crash = await loop.next('container.crashed', () => true, { from });
  assert.deepEqual([crash.service, crash.container, crash.exitCode], ['backend', 'backend', 1]);
  assert.match(crash.lines.join('\n'), new RegExp(reason), 'its last lines');
  from = loop.mark();
  await workspace.write(file, good);
  await loop.next('service.live', ofBackend, { from });
  assert.equal((await backendInfo(ports)).marker, healed, 'the next good save heals it');
  await markedLive(given, loop);
  assert.deepEqual(loop.since(0, 'update.refused'), [], 'no new image');
});

/** Marks the backend and waits until that is live. */
async function markedLive({ workspace, ports }: Scenario, loop: ReturnType<Scenario['up']>): Promise<string> {
  const from = loop.mark();
  const marker = newMarker();
  await markBackend(workspace, marker);
  await loop.next('service.live', ofBackend, { from });
  assert.equal((await backendInfo(ports)).marker, marker);
  return marker;
}
