import assert from 'node:assert/strict';
import { scenario } from '../harness/scenario.ts';
import { breakBackend } from '../harness/tasks-app.ts';

scenario('up --once, healthy', async ({ kubectl, devloop, assertNoProcessLeft }) => {
  const done = await devloop(['up', '--once']);
  assert.equal(done.code, 0, done.stderr);
  await kubectl.run('wait', '--for=condition=Ready', 'pods', '--all', '--timeout=1s');
  for (const service of ['backend', 'frontend']) assert.match(done.stdout, new RegExp(`${service}.*ready`, 'i'));
  await assertNoProcessLeft();
});

scenario('up --once, not healthy', async ({ workspace, kubectl, devloop, assertNoProcessLeft }) => {
  await breakBackend(workspace);
  const failed = await devloop(['up', '--once']);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /backend/);
  assert.match(failed.stderr, /Unexpected ";"/);
  assert.deepEqual(await kubectl.list('pods'), [], 'a release without its images is not installed');
  await assertNoProcessLeft();
});
