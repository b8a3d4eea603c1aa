import assert from 'node:assert/strict';
import { type Scenario, scenario } from '../harness/scenario.ts';
import type { Terminal } from '../harness/terminal.ts';

scenario('q in a terminal', async (given) => {
  const { terminal, before } = await dashboard(given);
  await terminal.press('q');
  const after = await terminal.until('the shell again', (screen) => screen.includes('keeps running'));
  assert.match(after, /before devloop/, 'what was on the screen is back');
  await assertLeft(given, terminal, before, 0);
});

scenario('Ctrl-C in a terminal', async (given) => {
  const { terminal, before } = await dashboard(given);
  await terminal.press('C-c');
  await terminal.until('the shell again', (screen) => screen.includes('keeps running'));
  await assertLeft(given, terminal, before, 130);
});

/** Opens the dashboard and waits until it shows both services ready. */
async function dashboard({ kubectl, namespace, terminal: open }: Scenario) {
  const terminal = await open(110, 32);
  await terminal.type('echo before devloop');
  await terminal.type(`devloop up --namespace ${namespace}`);
  const ready = (service: string) => new RegExp(`${service}\\b.*\\bready\\b`, 'i');
  const screen = await terminal.until(
    'both services ready',
    (text) => ready('backend').test(text) && ready('frontend').test(text),
  );
  assert.match(screen, /localhost:14000/);
  assert.match(screen, /localhost:13000/);
  assert.match(screen.trimEnd().split('\n').at(-1) ?? '', /q.*quit/i, 'the footer names the keys');
  assert.equal((await terminal.modes()).alternateScreen, true);
  return { terminal, before: await kubectl.podUids() };
}

async function assertLeft(given: Scenario, terminal: Terminal, pods: string[], code: number): Promise<void> {
  await terminal.type('echo "exit code $?."');
  await terminal.until('the exit code', (screen) => screen.includes(`exit code ${code}.`));
  assert.deepEqual(await terminal.modes(), { alternateScreen: false, cursorVisible: true, mouse: false });
  assert.deepEqual(await given.kubectl.podUids(), pods, 'the release keeps running');
  // The shell of the terminal carries the mark too: it has to go first.
  await terminal.close();
  await given.assertNoProcessLeft();
}
