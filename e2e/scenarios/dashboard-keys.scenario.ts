import { assertGivenBack, devloopPid, openDashboard, untilWhole } from '../harness/dashboard.ts';
import { type Scenario, scenario } from '../harness/scenario.ts';
import { backendInfo } from '../harness/tasks-app.ts';
import type { Terminal } from '../harness/terminal.ts';

scenario(
  'the keys of the dashboard, and a terminal that changes its size',
  async (given) => {
    const terminal = await openDashboard(given);
    await moves(terminal);
    await filters(terminal);
    await searches(given, terminal);
    await freezes(given, terminal);
    await helps(terminal);
    await opensTabs(terminal);
    await changesSize(terminal);
    process.kill(await devloopPid(given), 'SIGTERM');
    await assertGivenBack(terminal, 143);
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

async function searches({ ports }: Scenario, terminal: Terminal): Promise<void> {
  for (let request = 0; request < 3; request += 1) await backendInfo(ports);
  const hasOthers = (screen: string) => /^(backend|frontend)\b(?!.*path=\/api\/info)/m.test(screen);
  await terminal.until('three requests', (screen) => screen.match(/path=\/api\/info/g)?.length === 3);
  await terminal.press('/');
  await terminal.type('path=/api/info');
  await terminal.until('the matches alone', (screen) => screen.includes('3 matches') && !hasOthers(screen));
  for (const [key, number] of [
    ['n', 3],
    ['N', 2],
    ['n', 3],
    ['n', 1],
  ] as const) {
    await terminal.press(key);
    await terminal.until(`match ${number}`, (screen) => screen.includes(`${number} of 3`));
  }
  await terminal.press('a');
  await terminal.until('all lines', (screen) => screen.includes('1 of 3  all lines') && hasOthers(screen));
  await terminal.press('a');
  await terminal.until('the matches alone again', (screen) => !hasOthers(screen));
  await terminal.press('Escape');
  await terminal.until('no filter', (screen) => !screen.includes('of 3'));
  await terminal.press('G');
  await terminal.until('the logs followed', (screen) => screen.includes('following'));
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
  const [first, last] = ['Moving about', 'the run before it'];
  await terminal.press('?');
  await terminal.until('the help', (screen) => screen.includes(first) && !screen.includes(last));
  await terminal.press('NPage', 'NPage', 'NPage');
  await terminal.until('the end of the help', (screen) => screen.includes(last));
  await terminal.press('PPage', 'PPage');
  await terminal.until('its beginning', (screen) => screen.includes(first));
  await terminal.press('Escape');
  await terminal.until('no help', (screen) => !screen.includes(first));
}

/** By a name in the palette, by their numbers, and round their ends. */
async function opensTabs(terminal: Terminal): Promise<void> {
  const shows = (what: RegExp) => terminal.until(`${what}`, (screen) => what.test(screen));
  await terminal.press(':');
  await terminal.type('time went');
  await shows(/░ watch/);
  for (const [tab, text] of [
    ['1', /logs of backend/],
    ['2', /readiness +GET/],
    ['3', /Started container/],
    ['4', /Build of edit 0/],
    ['5', /░ watch/],
    ['6', /helm upgrade/],
    ['7', /Service backend/],
    ['Tab', /logs of backend/],
    ['BTab', /Service backend/],
    [']', /Service frontend/],
    ['[', /Service backend/],
    ['Escape', /logs of all/],
  ] as const) {
    await terminal.press(tab);
    await shows(text);
  }
}

async function changesSize(terminal: Terminal): Promise<void> {
  for (const size of [
    [60, 15],
    [200, 50],
  ] as const) {
    const [columns, rows] = size;
    await terminal.resize(columns, rows);
    await untilWhole(terminal, size);
  }
  await terminal.resize(50, 10);
  await terminal.until('how much room it needs', (screen) => screen.includes('60x15'));
  await terminal.resize(110, 32);
  await untilWhole(terminal);
}
