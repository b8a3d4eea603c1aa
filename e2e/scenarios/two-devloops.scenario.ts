import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { scenario } from '../harness/scenario.ts';
import { backendInfo, backendShows, markBackend, newMarker } from '../harness/tasks-app.ts';

scenario('a second devloop on the project', async (given) => {
  const { workspace, ports, up, devloop } = given;
  const hold = workspace.path('.devloop/up/held-by');
  const loop = up();
  await loop.ready();
  const { pid }: { pid: number } = JSON.parse(readFileSync(hold, 'utf8'));
  assert.equal(statSync(hold).mode & 0o777, 0o600);
  for (const words of [['up'], ['up', '--once'], ['down']]) {
    const started = Date.now();
    const second = await devloop(words);
    assert.equal(second.code, 3, `devloop ${words.join(' ')}: ${second.stdout}${second.stderr}`);
    assert.match(second.stderr, /devloop up works on this project already/);
    assert.match(second.stderr, new RegExp(`process ${pid}, since \\d\\d:\\d\\d:\\d\\d`));
    assert.match(second.stderr, new RegExp(`kill ${pid}`));
    assert.ok(Date.now() - started < 10_000, 'at once');
  }
  const marker = newMarker();
  await markBackend(workspace, marker);
  await backendShows(ports, marker);
  for (const words of [['status'], ['logs', '--tail', '1'], ['render']])
    assert.equal((await devloop(words)).code, 0, `devloop ${words.join(' ')} only looks`);

  await loop.stop('SIGKILL');
  const next = up();
  await next.ready();
  await backendInfo(ports);
  await next.stop();
  const down = await devloop(['down']);
  assert.equal(down.code, 0, down.stderr);
  assert.throws(() => statSync(hold), 'nobody holds it');
});
