import assert from 'node:assert/strict';
import { output } from '../harness/command.ts';
import { type Scenario, scenario } from '../harness/scenario.ts';
import { backendInfo } from '../harness/tasks-app.ts';

// What Kubernetes itself puts into a namespace.
const builtIn = /^(ServiceAccount\/default|Secret\/default-token-\w+|ConfigMap\/kube-root-ca\.crt)$/;

scenario('down, and up again', async ({ kubectl, ports, devloop, up, assertNoProcessLeft }) => {
  assert.equal((await devloop(['up', '--once'])).code, 0);
  const down = await devloop(['down']);
  assert.equal(down.code, 0, down.stderr);
  const objects = await kubectl.list('all,configmap,secret,pvc,serviceaccount,ingress');
  const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  assert.deepEqual(
    names.filter((name) => !builtIn.test(name)),
    [],
  );
  await assertNoProcessLeft();

  const loop = up();
  await loop.ready();
  await backendInfo(ports);
  assert.deepEqual(await loop.stop('SIGINT'), { code: 130, signal: null });

  const all = await devloop(['down', '--delete-namespace']);
  assert.equal(all.code, 0, all.stderr);
  assert.equal(await kubectl.namespaceExists(), false);
  assert.equal((await devloop(['down'])).code, 0, 'nothing to take down is no failure');
  await assertNoProcessLeft();
});

scenario('a second up', async (given) => {
  const { kubectl, devloop, up } = given;
  assert.equal((await devloop(['up', '--once'])).code, 0);
  const pods = await kubectl.podUids();
  const release = await releases(given);

  const loop = up();
  await loop.ready();
  const built = loop.since(0, 'build.succeeded').map(({ service, reused }) => `${service} reused: ${reused}`);
  assert.deepEqual(built.sort(), ['backend reused: true', 'frontend reused: true']);
  assert.deepEqual(
    loop.since(0, 'deploy.succeeded').map(({ by }) => by),
    ['nothing'],
  );
  assert.deepEqual(await releases(given), release, 'the same revision');
  assert.deepEqual(await kubectl.podUids(), pods, 'the same pods');
});

async function releases({ kubectl, namespace, toolsEnv }: Scenario): Promise<unknown[]> {
  const args = ['list', '--kube-context', kubectl.context, '--namespace', namespace, '--output', 'json'];
  const list: { name: string; revision: string; updated: string }[] = JSON.parse(
    await output('helm', args, { env: toolsEnv }),
  );
  assert.equal(list.length, 1);
  return list.map(({ name, revision, updated }) => ({ name, revision, updated }));
}
