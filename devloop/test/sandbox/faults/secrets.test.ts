import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/adapters/kubernetes/api-error.ts';
import { createKubernetes } from '../../../src/adapters/kubernetes/client.ts';
import type { Connection } from '../../../src/adapters/kubernetes/connection.ts';
import { clusterHandlers } from '../../../src/engine/cluster-handlers.ts';
import { sampleProject } from '../../support/sample.ts';
import { namespace, startWorld, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const secrets = `/api/v1/namespaces/${namespace}/secrets`;
const create = (name: string, value: string, type = 'Opaque') =>
  world.connection.json('POST', secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type,
    data: { key: Buffer.from(value).toString('base64') },
  });
const watch = () => world.kubernetes.watch(sampleProject, clusterHandlers(world.store), world.signal);
const isHidden = (value: string) => world.store.mask(value) === '********';

test('values of Secrets are known before anything else is told, and change with them', async () => {
  await create('early', 'early-value');
  await watch();
  expect(isHidden('early-value')).toBe(true);
  await create('late', 'late-value');
  await world.until(() => isHidden('late-value'));
  world.sandbox.faults.dropWatches();
  await world.connection.json('PATCH', `${secrets}/late`, {
    data: { key: Buffer.from('new-value').toString('base64') },
  });
  await world.until(() => isHidden('new-value'));
  await world.connection.json('DELETE', `${secrets}/late`);
  await world.until(() => !isHidden('new-value'));
  expect(isHidden('early-value')).toBe(true);
});

test("Helm's records of its releases are none, and are not asked for", async () => {
  await create('sh.helm.release.v1.tasks.v1', 'a-whole-release', 'helm.sh/release.v1');
  await watch();
  await create('sh.helm.release.v1.tasks.v2', 'another-release', 'helm.sh/release.v1');
  await create('after', 'after-value');
  await world.until(() => isHidden('after-value'));
  expect(isHidden('a-whole-release') || isHidden('another-release')).toBe(false);
});

test('who may not read Secrets is told that they are not masked, and all else goes on', async () => {
  const json: Connection['json'] = (method, path, ...more) =>
    path.startsWith(secrets)
      ? Promise.reject(new ApiError(403, '{"message":"secrets is forbidden"}'))
      : world.connection.json(method, path, ...more);
  const kubernetes = createKubernetes({ ...world.connection, json }, world.clock);
  await kubernetes.watch(sampleProject, clusterHandlers(world.store), world.signal);
  const [notice] = world.store.of('notice');
  expect(notice?.text).toMatch(/^The values of Secrets are not masked in what is shown: /);
});
