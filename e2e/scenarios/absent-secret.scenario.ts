import assert from 'node:assert/strict';
import { scenario } from '../harness/scenario.ts';
import { setDevValue } from '../harness/tasks-app.ts';

// In a file of its own, whose name makes it the first to start: it waits for half a minute without any work.
scenario('a missing Secret', async ({ workspace, kubectl, namespace, devloop }) => {
  await setDevValue(workspace, 'secret', { create: false, existingSecret: 'no-such-secret' });

  const failed = await devloop(['up', '--once', '--timeout', '120']);
  assert.equal(failed.code, 1, failed.stderr);
  const named = new RegExp(`Secret no-such-secret is missing in namespace ${namespace}`);
  assert.match(failed.stderr, named);
  assert.match((await devloop(['status'])).stdout, named);

  await kubectl.run('create', 'secret', 'generic', 'no-such-secret', '--from-literal=API_KEY=dev-only-api-key');
  const healed = await devloop(['up', '--once', '--timeout', '120']);
  assert.equal(healed.code, 0, healed.stderr);
});
