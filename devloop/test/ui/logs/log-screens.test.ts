import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../../src/model/events.ts';
import type { LogLine } from '../../../src/model/log-line.ts';
import { allHealthy, logged, startTime } from '../../support/sample.ts';
import { keys, openScreen, type Screen } from '../../support/screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const sizes: readonly (readonly [number, number])[] = [
  [60, 15],
  [80, 24],
  [120, 30],
  [200, 40],
];

const logLine = (text: string, at: number, change: Partial<LogLine> = {}): LoopEvent => ({
  type: 'log',
  line: { at: startTime + at, service: 'backend', source: 'container', text, ...change },
});

const pod = { pod: 'backend-7d9f-x7k2p', container: 'app' };
const lines: readonly LoopEvent[] = [
  logLine('#8 [build 3/5] RUN npm ci', 0, { source: 'build' }),
  logLine('{"level":30,"time":1769864600123,"pid":1,"msg":"listening","port":8080}', 900, pod),
  logLine(
    '{"level":40,"time":1769864600130,"pid":1,"msg":"slow query","ms":943,"sql":"select * from tasks"}',
    950,
    pod,
  ),
  logLine('GET /api/tasks 200 in 12 ms', 1200, { service: 'frontend' }),
  logLine('TypeError: Cannot read properties of undefined', 1300, pod),
  logLine('GET /api/tasks/7 500 in 31 ms', 1301, { service: 'frontend' }),
  logLine('    at handler (/app/src/server.ts:14:9)', 1302, pod),
  logLine('    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)', 1302, pod),
  logLine('level=warning msg="retrying" attempt=2', 61_300, { ...pod, pod: 'backend-7d9f-abcde' }),
  logLine('日本語のログ 👍 with wide characters', 61_400, { service: 'frontend' }),
  logLine('Pod backend-7d9f-x7k2p: BackOff: Back-off restarting failed container', 61_500, { source: 'kubernetes' }),
];

const scenes: Readonly<Record<string, readonly string[]>> = {
  'levels, JSON and a stack trace': [],
  'a filter that is typed': ['/', 'api|handler'],
  'a match among all lines, with times': ['/', 'tasks', keys.enter, 'a', 'N', 'N', 't'],
  'warnings and errors, wrapped': ['e', 'w'],
  'raw JSON, a marker, the time between lines': ['v', 'm', 't', 't'],
  'the pods of one service': ['l'],
  'one pod of it': ['P'],
  'what came after it was cleared': ['C'],
};

describe.each(sizes)('at %i columns and %i rows', (columns, rows) => {
  it.each(Object.entries(scenes))('shows %s', async (_, typed) => {
    screen = await openScreen(columns, rows);
    await screen.feed(...allHealthy(), ...lines);
    for (const keysOfStep of typed) await screen.type(keysOfStep);
    expect(screen.lines()).toHaveLength(rows);
    const shown = screen.lines();
    const title = shown.findIndex((line) => line.startsWith('── '));
    expect(`\n${shown.slice(title).join('\n').trimEnd()}\n`).toMatchSnapshot();
  });
});

describe('the logs on the screen', () => {
  it('show a search of many lines at once where they are newest, and all of it soon', async () => {
    screen = await openScreen();
    const many = Array.from({ length: 40_000 }, (_, index) => logged('backend', `line ${index}`));
    await screen.feed(...allHealthy(), ...many);
    await screen.type('/');
    await screen.type('9');
    expect(screen.text()).toContain('line 39999');
    expect(screen.text()).toMatch(/ \d+\+ matches/);
    for (let step = 0; step < 8; step += 1) await screen.advance(1);
    expect(screen.text()).toContain(' 13756 matches');
    expect(screen.timers()).toBe(0);
  });

  it('say it without colour', async () => {
    screen = await openScreen(80, 24, { color: false });
    await screen.feed(...allHealthy(), ...lines);
    expect(screen.text()).toContain('backend  ✗ TypeError');
    expect(screen.text()).toContain('backend  ! WARN slow query');
  });
});
