import assert from 'node:assert/strict';
import type { Scenario } from './scenario.ts';
import type { Terminal } from './terminal.ts';

/** Opens `devloop up` in a terminal and waits until the dashboard shows both services ready. */
export async function openDashboard({ namespace, ports, terminal: open }: Scenario): Promise<Terminal> {
  const terminal = await open(110, 32);
  await terminal.type('echo before devloop');
  await terminal.type(`devloop up --namespace ${namespace}`);
  const ready = (service: string) => new RegExp(`${service}\\b.*\\bready\\b`, 'i');
  const screen = await terminal.until(
    'both services ready',
    (text) => ready('backend').test(text) && ready('frontend').test(text),
  );
  for (const port of Object.values(ports)) assert.ok(screen.includes(`localhost:${port}`), screen);
  assert.match(screen.trimEnd().split('\n').at(-1) ?? '', /q.*quit/i, 'the footer names the keys');
  assert.equal((await terminal.modes()).alternateScreen, true);
  return terminal;
}

/** Fails unless devloop has ended with the code and has given the terminal back as it was. */
export async function assertGivenBack(terminal: Terminal, code: number): Promise<void> {
  await terminal.untilPrompt();
  await terminal.type('echo "exit code $?."');
  await terminal.until('the exit code', (screen) => screen.includes(`exit code ${code}.`));
  assert.deepEqual(await terminal.modes(), { alternateScreen: false, cursorVisible: true, mouse: false });
}
