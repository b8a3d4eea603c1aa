import assert from 'node:assert/strict';
import { output } from './command.ts';
import { cli } from './paths.ts';
import type { Scenario } from './scenario.ts';
import type { Terminal } from './terminal.ts';

const footer = /q.*quit\s*$/i;
/** Columns and rows. */
const usualSize = [110, 32] as const;

/** Opens `devloop up` in a terminal and waits until the dashboard shows both services ready. */
export async function openDashboard(given: Scenario): Promise<Terminal> {
  const terminal = await openShell(given);
  await startDashboard(given, terminal);
  return terminal;
}

/** Opens a terminal whose state `assertGivenBack` compares with. */
export async function openShell(
  { terminal: open }: Scenario,
  [columns, rows]: readonly [number, number] = usualSize,
): Promise<Terminal> {
  const terminal = await open(columns, rows);
  await terminal.type('before=$(stty -g)');
  await terminal.type('echo before devloop');
  return terminal;
}

/** Starts `devloop up` and waits until the dashboard shows both services ready. */
export async function startDashboard({ namespace, ports }: Scenario, terminal: Terminal): Promise<void> {
  await terminal.type(`devloop up --namespace ${namespace}`);
  const ready = (service: string) => new RegExp(`${service}\\b.*\\bready\\b`, 'i');
  const screen = await terminal.until(
    'both services ready, and the footer',
    (text) => ready('backend').test(text) && ready('frontend').test(text) && footer.test(text),
  );
  for (const port of Object.values(ports)) assert.ok(screen.includes(`:${port}`), screen);
  await untilWhole(terminal);
}

/** Waits until the dashboard fills a terminal of that size, and fails unless the terminal is the dashboard's alone. */
export async function untilWhole(
  terminal: Terminal,
  [columns, rows]: readonly [number, number] = usualSize,
): Promise<void> {
  await terminal.until(`a whole dashboard of ${columns} by ${rows}`, (screen) => {
    const lines = screen.replace(/\n$/, '').split('\n');
    const isWhole = lines.length === rows && lines.every((line) => line.length <= columns);
    return isWhole && lines[0]?.includes('devloop') === true && footer.test(screen);
  });
  assert.deepEqual(await terminal.modes(), { alternateScreen: true, cursorVisible: false, mouse: false });
}

/** Presses `s`, and waits until a shell in the first service's pod has the terminal, as it was before the dashboard. */
export async function openPodShell(terminal: Terminal): Promise<void> {
  await terminal.press('s');
  const isThere = (screen: string) => screen.includes('devloop: a shell in') && /[$#]\s*$/.test(screen);
  const screen = await terminal.until('a shell in the pod', isThere);
  assert.match(screen, /before devloop/);
  assert.deepEqual(await terminal.modes(), { alternateScreen: false, cursorVisible: true, mouse: false });
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
