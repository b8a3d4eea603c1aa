import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ScenarioOptions, scenario } from '../harness/scenario.ts';
import { backendInfo, backendShows, markBackend, newMarker } from '../harness/tasks-app.ts';

const options: ScenarioOptions = {
  only: { on: 'sandbox', because: 'a real cluster is not kept in the state folder' },
  host: 'devloop',
};

scenario(
  'a file in the place of the state folder',
  async ({ workspace, devloop, assertNoProcessLeft }) => {
    await writeFile(workspace.path('.devloop'), 'of the user\n');
    const result = await devloop(['up', '--once']);
    assert.equal(result.code, 3, result.stdout);
    assert.match(result.stderr, /state folder cannot be used/);
    assert.match(result.stderr, /a file is in its place/);
    assert.match(result.stderr, /Move that file away/);
    assert.equal(await workspace.read('.devloop'), 'of the user\n');
    await assertNoProcessLeft();

    await rename(workspace.path('.devloop'), workspace.path('.git/moved'));
    assert.equal((await devloop(['up', '--once'])).code, 0);
  },
  options,
);

scenario(
  'a state folder of which each file is garbage',
  async ({ workspace, ports, up, assertNoProcessLeft }) => {
    const first = up();
    await first.ready();
    await first.stop('SIGKILL');
    const before = await workspace.read('devloop.config.ts');
    const spoilt = files(workspace.path('.devloop'));
    for (const file of spoilt) writeFileSync(file, '\u0000garbage {');
    assert.ok(spoilt.length > 5, spoilt.join('\n'));

    const healed = up();
    await healed.ready();
    await backendInfo(ports);
    const warnings = healed.since(0, 'notice').map(({ text }) => text);
    assert.ok(
      warnings.some((text) => /state cannot be read.*The sandbox begins anew.*is kept as/s.test(text)),
      warnings.join('\n'),
    );
    const marker = newMarker();
    await markBackend(workspace, marker);
    await backendShows(ports, marker);
    assert.equal(await workspace.read('devloop.config.ts'), before);
    await healed.stop();
    await assertNoProcessLeft();
  },
  options,
);

scenario(
  'each file of the state by itself',
  async ({ workspace, devloop, assertNoProcessLeft }) => {
    assert.equal((await devloop(['up', '--once'])).code, 0);
    const state = workspace.path('.devloop');
    const parts = ['up', 'helm', 'sandbox/node', 'sandbox/images'];
    for (const part of parts) {
      await rm(path.join(state, part), { recursive: true, force: true });
      await writeFile(path.join(state, part), 'garbage');
      const result = await devloop(['up', '--once']);
      const said = `${part}: ${result.stdout}${result.stderr}`;
      assert.ok(result.code === 0 || result.code === 3, said);
      assert.doesNotMatch(result.stderr, /This is a bug of devloop/, said);
      if (result.code === 3) assert.match(result.stderr, /a file is in its place/, said);
      rmSync(path.join(state, part), { recursive: true, force: true });
    }
    assert.equal((await devloop(['up', '--once'])).code, 0, 'once they are gone');
    await assertNoProcessLeft();
  },
  options,
);

/** The regular files of a folder, but for the programs and the caches of others. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file).length > 0);
}
