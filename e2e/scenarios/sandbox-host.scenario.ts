import assert from 'node:assert/strict';
import { assertGivenBack, openDashboard } from '../harness/dashboard.ts';
import { poll } from '../harness/http.ts';
import { requireNoProcess } from '../harness/processes.ts';
import { type Scenario, type ScenarioOptions, scenario } from '../harness/scenario.ts';
import { helmReaches, slowDownHelm, speedUpHelm } from '../harness/slow-helm.ts';
import { backendInfo, backendShows, markBackend, newMarker } from '../harness/tasks-app.ts';

const options: ScenarioOptions = {
  only: { on: 'sandbox', because: 'a real cluster is no process of devloop' },
  host: 'devloop',
};

scenario(
  'the sandbox ends with its up and goes on with the next',
  async (given) => {
    const { workspace, kubectl, ports, up, devloop } = given;
    const terminal = await openDashboard(given);
    const before = await installed(given);
    await terminal.press('q');
    await terminal.until('the shell again', (screen) => screen.includes('and the sandbox with it'));
    await assertGivenBack(terminal, 0);
    await terminal.close();
    await requireNoProcess(workspace.folder);

    const loop = up();
    await loop.ready();
    await backendInfo(ports);
    const built = loop.since(0, 'build.succeeded').map(({ service, reused }) => `${service} reused: ${reused}`);
    assert.deepEqual(built.sort(), ['backend reused: true', 'frontend reused: true']);
    assert.deepEqual(
      loop.since(0, 'deploy.succeeded').map(({ by }) => by),
      ['nothing'],
    );
    assert.deepEqual(await installed(given), before, 'the same release, and nothing was rolled');
    assert.deepEqual(await loop.stop('SIGINT'), { code: 130, signal: null });
    await requireNoProcess(workspace.folder);

    const down = await devloop(['down', '--delete-namespace']);
    assert.equal(down.code, 0, down.stderr);
    await requireNoProcess(workspace.folder);
    const again = up();
    await again.next('deploy.started');
    assert.deepEqual(await kubectl.list('secrets'), [], 'the release is gone');
  },
  { ...options, needs: 'tmux' },
);

scenario(
  'the up that runs the sandbox is killed',
  async (given) => {
    const { workspace, kubectl, ports, up } = given;
    const killed = up();
    await killed.ready();
    const before = await installed(given);
    assert.deepEqual(await killed.stop('SIGKILL'), { code: null, signal: 'SIGKILL' });
    await requireNoProcess(workspace.folder);

    const healed = up();
    await healed.ready();
    assert.deepEqual(await installed(given), before, 'the same release, and nothing was rolled');
    for (const component of ['backend', 'frontend'] as const)
      assert.equal((await kubectl.pods(component)).length, 1, `one pod of the ${component}`);
    const marker = newMarker();
    await markBackend(workspace, marker);
    await backendShows(ports, marker);
  },
  options,
);

/** What a roll or an upgrade would change. */
async function installed({ kubectl }: Scenario): Promise<unknown> {
  const objects = await kubectl.list('replicasets,secrets,pods');
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.uid}`).sort();
}

scenario(
  'devloop is killed in an upgrade, and its sandbox with it',
  async (given) => {
    const { workspace, ports, up, assertNoProcessLeft } = given;
    const killed = up();
    await killed.ready();
    await slowDownHelm(workspace, 600);
    await helmReaches(given, 'pending-upgrade');
    const state = async () =>
      (await workspace.read('.devloop/sandbox/state.json')).includes('pending-upgrade') ? true : undefined;
    await poll('the state to be written', state);
    await killed.stop('SIGKILL');

    await speedUpHelm(workspace);
    const marker = newMarker();
    await markBackend(workspace, marker);
    const healed = up();
    await healed.ready();
    assert.equal((await backendInfo(ports)).marker, marker);
    assert.equal(healed.since(0, 'notice').filter(({ text }) => text.includes('rolled back to revision 1')).length, 1);
    await healed.stop();
    await assertNoProcessLeft();
  },
  options,
);
