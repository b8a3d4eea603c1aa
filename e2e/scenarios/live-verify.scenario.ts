import assert from 'node:assert/strict';
import { scenario } from '../harness/scenario.ts';
import { markBackend, newMarker } from '../harness/tasks-app.ts';

scenario('the files of a running container, compared', async ({ workspace, kubectl, up, devloop }) => {
  const loop = up('backend');
  await loop.ready(['backend']);
  const [pod] = await kubectl.pods('backend');
  const line = (rest: string) => new RegExp(`^backend ${pod?.metadata.name}: ${rest}$`, 'm');

  const before = await devloop(['verify', 'backend']);
  assert.match(before.stdout, line('it runs its image, and nothing of it is synced'));
  assert.equal(before.code, 0);

  const from = loop.mark();
  await markBackend(workspace, newMarker());
  await loop.next('service.live', () => true, { from });
  const same = await devloop(['verify', 'backend']);
  assert.match(same.stdout, line('\\d+ files are as on this machine'), same.stderr);
  assert.equal(same.code, 0);
  assert.equal((await kubectl.pods('backend'))[0]?.metadata.uid, pod?.metadata.uid, 'the same pod');

  // Nobody sends this one.
  await loop.stop();
  await markBackend(workspace, newMarker());
  const other = await devloop(['verify', 'backend']);
  assert.match(other.stdout, line('\\d of \\d+ files (is|are) not as on this machine'), other.stderr);
  assert.match(other.stdout, /^ {2}\S*server\.js: other content$/m);
  assert.equal(other.code, 1);
});
