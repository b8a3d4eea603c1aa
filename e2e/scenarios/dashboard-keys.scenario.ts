import { assertGivenBack, openDashboard } from '../harness/dashboard.ts';
import { type Scenario, scenario } from '../harness/scenario.ts';
import { backendInfo } from '../harness/tasks-app.ts';
import type { Terminal } from '../harness/terminal.ts';

scenario(
  'the keys of the dashboard, and a terminal that changes its size',
  async (given) => {
    const terminal = await openDashboard(given);
    await moves(terminal);
    await filters(terminal);
    await freezes(given, terminal);
    await helps(terminal);
    await changesSize(terminal);
    await terminal.press('q');
    await assertGivenBack(terminal, 0);
  },
  { needs: 'tmux' },
);

async function moves(terminal: Terminal): Promise<void> {
  const selects = (service: string) => (screen: string) => new RegExp(`^\\s*›.*\\b${service}\\b`, 'm').test(screen);
  await terminal.until('the first service selected', selects('backend'));
  await terminal.press('j');
  await terminal.until('the next service selected', selects('frontend'));
  await terminal.press('k');
  await terminal.until('the first service selected again', selects('backend'));
}

/** The letters of a filter are no keys: the q in it does not quit. */
async function filters(terminal: Terminal): Promise<void> {
  await terminal.press('/');
  await terminal.press('q', 'q', 'q');
  await terminal.until('the filter', (screen) => screen.includes('qqq'));
  await terminal.press('Escape');
  await terminal.until('no filter', (screen) => !screen.includes('qqq'));
}

async function freezes({ ports }: Scenario, terminal: Terminal): Promise<void> {
  await terminal.press('F');
  await terminal.until('the logs frozen', (screen) => !screen.includes('following'));
  await backendInfo(ports);
  await terminal.until('how much is new', (screen) => /\b\d+ new\b/.test(screen));
  await terminal.press('F');
  await terminal.until('the logs followed', (screen) => !/\b\d+ new\b/.test(screen));
}

async function helps(terminal: Terminal): Promise<void> {
  // named by the help only
  const helpKey = 'Ctrl-C';
  await terminal.press('?');
  await terminal.until('the help', (screen) => screen.includes(helpKey));
  await terminal.press('Escape');
  await terminal.until('no help', (screen) => !screen.includes(helpKey));
}

async function changesSize(terminal: Terminal): Promise<void> {
  const fits = (columns: number, rows: number) => (screen: string) => {
    const lines = screen.replace(/\n$/, '').split('\n');
    const isWhole = lines.length === rows && lines.every((line) => line.length <= columns);
    return isWhole && lines[0]?.includes('devloop') === true && /q.*quit/.test(lines.at(-1) ?? '');
  };
  for (const [columns, rows] of [
    [60, 15],
    [200, 50],
  ] as const) {
    await terminal.resize(columns, rows);
    await terminal.until(`a whole dashboard of ${columns} by ${rows}`, fits(columns, rows));
  }
  await terminal.resize(50, 10);
  await terminal.until('how much room it needs', (screen) => screen.includes('60x15'));
  await terminal.resize(110, 32);
  await terminal.until('a whole dashboard again', fits(110, 32));
}
