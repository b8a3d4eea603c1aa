import assert from 'node:assert/strict';
import { request } from '../harness/http.ts';
import { scenario } from '../harness/scenario.ts';
import { backendInfo, frontendPage, markBackend, markFrontend, newMarker } from '../harness/tasks-app.ts';

scenario(
  'up from nothing',
  async ({ workspace, kubectl, ports, up, assertNoProcessLeft }) => {
    const marker = newMarker();
    await markBackend(workspace, marker);
    await markFrontend(workspace, marker);
    assert.equal(await kubectl.namespaceExists(), false);

    const loop = up();
    await loop.ready();

    const built = loop.since(0, 'build.succeeded').map(({ service, reused }) => `${service} reused: ${reused}`);
    assert.deepEqual(built.sort(), ['backend reused: false', 'frontend reused: false']);
    assert.equal((await request(`http://localhost:${ports.backend}/ready`)).status, 200);
    assert.equal((await backendInfo(ports)).marker, marker);
    assert.equal((await request(`http://localhost:${ports.frontend}/ready`, { timeout: 120_000 })).status, 200);
    const page = await frontendPage(ports);
    assert.equal(page.status, 200);
    assert.match(page.body, new RegExp(`<h1>Tasks ${marker}`));
    for (const component of ['backend', 'frontend'] as const) {
      assert.equal((await kubectl.pods(component)).length, 1, `one pod of the ${component}`);
    }
    await kubectl.run('wait', '--for=condition=Ready', 'pods', '--all', '--timeout=5s');

    const pods = await kubectl.podUids();
    assert.deepEqual(await loop.stop('SIGINT'), { code: 130, signal: null });
    assert.deepEqual(await kubectl.podUids(), pods, 'the release keeps running');
    await assertNoProcessLeft();
  },
  { asItStands: true },
);
