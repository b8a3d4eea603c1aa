import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { type Scenario, scenario } from '../harness/scenario.ts';
import { helmHistory, helmReaches, recordedHelm, slowDownHelm, speedUpHelm } from '../harness/slow-helm.ts';
import { backendInfo, backendShows, markBackend, newMarker } from '../harness/tasks-app.ts';

scenario('devloop and its helm are killed in an upgrade', async (given) => {
  const { workspace, ports, up } = given;
  const killed = up();
  await killed.ready();
  const pods = await appPods(given);
  await slowDownHelm(workspace, 600);
  const left = await helmReaches(given, 'pending-upgrade');
  const helm = await recordedHelm(given);
  assert.deepEqual(await killed.stop('SIGKILL'), { code: null, signal: 'SIGKILL' });
  process.kill(helm, 'SIGKILL');
  assert.deepEqual(await appPods(given), pods, 'the old pods go on');

  await speedUpHelm(workspace);
  const marker = newMarker();
  await markBackend(workspace, marker);
  const healed = up();
  await healed.ready();
  const [notice] = healed.since(0, 'notice').filter(({ text }) => text.includes('pending-upgrade'));
  assert.match(notice?.text ?? '', new RegExp(`rolled back to revision ${left - 1}$`));
  assert.equal((await backendInfo(ports)).marker, marker);
  assert.equal((await helmHistory(given)).at(-1)?.status, 'deployed');
});

scenario('devloop and its helm are killed in the first install', async (given) => {
  const { workspace, ports, up } = given;
  await slowDownHelm(workspace, 600);
  const killed = up();
  await helmReaches(given, 'pending-install');
  const helm = await recordedHelm(given);
  await killed.stop('SIGKILL');
  process.kill(helm, 'SIGKILL');

  await speedUpHelm(workspace);
  const healed = up();
  await healed.ready();
  const [notice] = healed.since(0, 'notice').filter(({ text }) => text.includes('pending-install'));
  assert.match(notice?.text ?? '', /it is uninstalled, as nothing was deployed before/);
  await backendInfo(ports);
  assert.deepEqual(
    (await helmHistory(given)).map(({ revision, status }) => [revision, status]),
    [[1, 'deployed']],
  );
});

scenario('a helm that outlives its devloop is waited for', async (given) => {
  const { workspace, up } = given;
  const killed = up();
  await killed.ready();
  await slowDownHelm(workspace, 8);
  const left = await helmReaches(given, 'pending-upgrade');
  const helm = await recordedHelm(given);
  await killed.stop('SIGKILL');

  await speedUpHelm(workspace);
  const next = up();
  await next.ready();
  const notices = next.since(0, 'notice').map(({ text }) => text);
  assert.equal(notices.filter((text) => text.includes(`pid ${helm}`)).length, 1, notices.join('\n'));
  const history = await helmHistory(given);
  assert.equal(history.find(({ revision }) => revision === left)?.status, 'superseded', 'it finished its work');
  assert.deepEqual([history.at(-1)?.revision, history.at(-1)?.status], [left + 1, 'deployed']);
});

scenario('helm alone is killed, and the next edit heals it', async (given) => {
  const { workspace, ports, up } = given;
  const loop = up();
  await loop.ready();
  const from = loop.mark();
  await slowDownHelm(workspace, 600);
  await helmReaches(given, 'pending-upgrade');
  process.kill(await recordedHelm(given), 'SIGKILL');
  await loop.next('deploy.failed', () => true, { from });
  await backendInfo(ports);

  await speedUpHelm(workspace);
  await loop.next('deploy.succeeded', () => true, { from });
  assert.equal(loop.since(from, 'notice').filter(({ text }) => text.includes('rolled back to revision')).length, 1);
  const marker = newMarker();
  await markBackend(workspace, marker);
  await backendShows(ports, marker);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  scenario(`devloop ends by ${signal} in an upgrade`, async (given) => {
    const { workspace, ports, up, assertNoProcessLeft } = given;
    const ended = up();
    await ended.ready();
    const pods = await appPods(given);
    await slowDownHelm(workspace, 600);
    const left = await helmReaches(given, 'pending-upgrade');
    await ended.stop(signal);
    const last = (await helmHistory(given)).at(-1);
    assert.deepEqual([last?.revision, last?.status], [left, 'failed'], 'helm had its time');
    assert.deepEqual(await appPods(given), pods, 'the old pods go on');
    await assertNoProcessLeft();

    await speedUpHelm(workspace);
    const marker = newMarker();
    await markBackend(workspace, marker);
    const next = up();
    await next.ready();
    assert.equal((await backendInfo(ports)).marker, marker);
  });

scenario('a release that somebody else has left pending', async (given) => {
  const { workspace, kubectl, namespace, toolsEnv, ports, up } = given;
  const first = up();
  await first.ready();
  await first.stop();
  await slowDownHelm(workspace, 600);
  const where = ['--kube-context', kubectl.context, '--namespace', namespace];
  const foreign = spawn('helm', ['upgrade', 'tasks', 'helm', '--reuse-values', ...where], {
    cwd: workspace.folder,
    env: toolsEnv,
    stdio: 'ignore',
  });
  const left = await helmReaches(given, 'pending-upgrade');
  foreign.kill('SIGKILL');

  await speedUpHelm(workspace);
  const marker = newMarker();
  await markBackend(workspace, marker);
  const loop = up();
  const { problem } = await loop.next('deploy.failed');
  assert.equal(problem.title, 'Release tasks is locked');
  assert.match(problem.why, new RegExp(`its revision ${left} is pending-upgrade since`));
  assert.match(problem.fix ?? '', /helm rollback tasks --namespace/);
  assert.equal((await helmHistory(given)).at(-1)?.revision, left, 'it is left alone');
  await backendInfo(ports);
});

/** Without the hook's. */
async function appPods({ kubectl }: Scenario): Promise<string[]> {
  const pods = [...(await kubectl.pods('backend')), ...(await kubectl.pods('frontend'))];
  return pods.map(({ metadata }) => metadata.uid).sort();
}
