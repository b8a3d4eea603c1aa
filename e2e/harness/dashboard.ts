import assert from 'node:assert/strict';
import { output } from './command.ts';
import { cli } from './paths.ts';
import type { Scenario } from './scenario.ts';
import type { Terminal } from './terminal.ts';

/** Opens `devloop up` in a terminal and waits until the dashboard shows both services ready. */
export async function openDashboard(given: Scenario): Promise<Terminal> {
  const terminal = await openShell(given);
  await startDashboard(given, terminal);
  return terminal;
}

/** Opens a terminal whose state `assertGivenBack` compares with. */
export async function openShell({ terminal: open }: Scenario): Promise<Terminal> {
  const terminal = await open(110, 32);
  await terminal.type('before=$(stty -g)');
  await terminal.type('echo before devloop');
  return terminal;
}

/** Starts `devloop up` and waits until the dashboard shows both services ready. */
export async function startDashboard({ namespace, ports }: Scenario, terminal: Terminal): Promise<void> {
  await terminal.type(`devloop up --namespace ${namespace}`);
  const ready = (service: string) => new RegExp(`${service}\\b.*\\bready\\b`, 'i');
  const footer = /q.*quit\s*$/i;
  const screen = await terminal.until(
    'both services ready, and the footer',
    (text) => ready('backend').test(text) && ready('frontend').test(text) && footer.test(text),
  );
  for (const port of Object.values(ports)) assert.ok(screen.includes(`:${port}`), screen);
  assert.equal((await terminal.modes()).alternateScreen, true);
}

/** The process of the devloop that runs in the scenario's terminal. */
export async function devloopPid({ namespace }: Scenario): Promise<number> {
  return Number(await output('pgrep', ['-f', `${cli} up --namespace ${namespace}`]));
}

/** Fails unless devloop has ended with the code and has given the terminal back as it was. */
export async function assertGivenBack(terminal: Terminal, code: number): Promise<void> {
  await terminal.untilPrompt();
  await terminal.type('echo "exit code $?, terminal $([ "$before" = "$(stty -g)" ] && echo as before || stty -a)."');
  const ended = new RegExp(`exit code ${code}, terminal [^$]`);
  const screen = await terminal.until('the exit code', (text) => ended.test(text));
  assert.ok(screen.includes(`exit code ${code}, terminal as before.`), screen);
  assert.deepEqual(await terminal.modes(), { alternateScreen: false, cursorVisible: true, mouse: false });
}
