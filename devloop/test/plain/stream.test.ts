import { describe, expect, it } from '@jest/globals';
import type { LoopEvent, StampedEvent } from '../../src/model/events.ts';
import { createPlainPrinter } from '../../src/plain/print-plain.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  crashLoopPod,
  edited,
  live,
  logged,
  podChanged,
  probed,
  samplePod,
  sampleProject,
  started,
  startTime,
} from '../support/sample.ts';
import { openStreamScreen } from './stream-screen.ts';

/** The lines of the plain printer. */
function plainLines(events: readonly LoopEvent[]): string[] {
  let text = '';
  const print = createPlainPrinter({
    write: (line) => {
      text += line;
    },
    color: false,
  });
  for (const [index, event] of events.entries()) print({ ...event, seq: index + 1, at: startTime } as StampedEvent);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.trimEnd());
}

const footer = /^──|q quit/m;
const withoutEnd = (lines: readonly string[]): string[] => {
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, last + 1);
};
/** What is above the footer. */
const content = (lines: readonly string[]): string[] =>
  lines.slice(
    0,
    lines.findLastIndex((line) => line.startsWith('── ')),
  );

/** Of lists too long for a message. */
function firstDifference(lines: readonly string[], expected: readonly string[]): unknown {
  const at = Array.from({ length: Math.max(lines.length, expected.length) }, (_, index) => index).find(
    (index) => lines[index] !== expected[index],
  );
  return at === undefined ? undefined : { at, lines: lines.slice(at, at + 3), expected: expected.slice(at, at + 3) };
}

const building: LoopEvent = { type: 'build.started', service: 'backend', edit: 1 };
const names = Array.from({ length: 40 }, (_, index) => `service-${index}`);

describe('the stream', () => {
  it.each([
    [60, 15],
    [80, 24],
    [120, 30],
  ])('shows its lines above a footer on %i columns and %i rows', async (columns, rows) => {
    const screen = await openStreamScreen(columns, rows, { before: '$ devloop up --ui stream\n' });
    await screen.feed(...allHealthy(), live('backend', 3), logged('backend', 'GET /tasks 200 '.repeat(6)));
    expect(`\n${screen.screen()}\n`).toMatchSnapshot('all healthy');
    await screen.feed(edited(4, ['backend', 'frontend'], ['src/a.ts'], startTime), building);
    await screen.advance(3100);
    expect(`\n${screen.screen()}\n`).toMatchSnapshot('building');
    await screen.feed(...buildFailed('backend', 4, compilerProblem).slice(1), podChanged(crashLoopPod('frontend')));
    expect(`\n${screen.screen()}\n`).toMatchSnapshot('failed');
    await screen.close();
    expect(`\n${screen.screen()}\n`).toMatchSnapshot('closed');
  });

  it('shows of many services those that need attention', async () => {
    const screen = await openStreamScreen(60, 15);
    const project = sampleProject(names);
    await screen.feed(started(project));
    expect(screen.screen().split('\n').slice(-2)).toEqual([
      '── ○ service-0 waiting  ○ service-1 waiting  and 38 more',
      '   q quit',
    ]);
    await screen.feed(...allHealthy(project).slice(1), podChanged(crashLoopPod('service-7')));
    expect(screen.screen().split('\n').slice(-2, -1)).toEqual(['── ✗ service-7 failed  ● 39 ready']);
    await screen.close();
  });

  it.each([
    [11, 2],
    [5, 1],
    [2, 0],
  ])('leaves a terminal of %i rows to the lines but for %i', async (rows, footerRows) => {
    const screen = await openStreamScreen(60, rows);
    await screen.feed(...allHealthy());
    const shown = screen.lines().filter((line) => line !== '');
    expect(shown).toHaveLength(plainLines(allHealthy()).length + footerRows);
    await screen.close();
  });

  it('keeps each of thousands of lines, in order, whatever their length, without a trace of the footer', async () => {
    const screen = await openStreamScreen(80, 24);
    const logs = Array.from({ length: 5000 }, (_, n) => logged('backend', `${n} ${'x'.repeat((n * 37) % 300)}`));
    const all = [...allHealthy(), ...logs];
    for (let from = 0; from < all.length; from += 997) await screen.feed(...all.slice(from, from + 997));
    expect(firstDifference(content(screen.lines()), plainLines(all))).toBeUndefined();
    await screen.close();
    expect(firstDifference(withoutEnd(screen.lines()), plainLines(all))).toBeUndefined();
  });

  it.each([
    ['narrower', [[40, 24]]],
    ['wider', [[120, 24]]],
    ['lower', [[80, 13]]],
    ['higher', [[80, 60]]],
    [
      'and back',
      [
        [30, 12],
        [200, 50],
        [61, 17],
        [80, 24],
      ],
    ],
  ])('loses no line and leaves no footer behind when the terminal becomes %s', async (_, sizes) => {
    const screen = await openStreamScreen(80, 24);
    const all: LoopEvent[] = allHealthy();
    await screen.feed(...all);
    for (const [columns = 0, rows = 0] of sizes) {
      await screen.resize(columns, rows);
      const more = Array.from({ length: 50 }, (_, n) => logged('frontend', `${columns}: ${n} ${'y'.repeat(n * 3)}`));
      await screen.feed(...more);
      all.push(...more);
    }
    expect(firstDifference(content(screen.lines()), plainLines(all))).toBeUndefined();
    await screen.close();
    expect(firstDifference(withoutEnd(screen.lines()), plainLines(all))).toBeUndefined();
  });

  it('waits for a terminal that takes text slowly, and loses nothing', async () => {
    const screen = await openStreamScreen();
    const taken = screen.holdWrites();
    const all = Array.from({ length: 100 }, (_, n) => logged('backend', `line ${n}`));
    for (const event of all) await screen.feed(event);
    expect(content(screen.lines())).toHaveLength(1);
    taken();
    await screen.advance(100);
    expect(content(screen.lines())).toEqual(plainLines(all));
    await screen.close();
  });

  it('writes nothing while nothing changes, and has no timer', async () => {
    const screen = await openStreamScreen();
    await screen.feed(...allHealthy());
    const written = screen.written();
    await screen.feed(probed(samplePod('backend')), podChanged(samplePod('backend')));
    await screen.advance(60_000);
    expect(screen.written()).toBe(written);
    expect(screen.timers()).toBe(0);
    await screen.close();
  });

  it('counts the seconds of what runs', async () => {
    const screen = await openStreamScreen();
    await screen.feed(...allHealthy(), building, { type: 'deploy.started', release: 'tasks', edit: 1, inputs: 'x' });
    const status = () => screen.screen().split('\n').at(-1);
    expect(status()).toBe('   building backend · deploying tasks · q quit');
    await screen.advance(12_000);
    expect(status()).toBe('   building backend 12 s · deploying tasks 12 s · q quit');
    await screen.advance(53_000);
    expect(status()).toBe('   building backend 1m 05s · deploying tasks 1m 05s · q quit');
    await screen.close();
    expect(screen.timers()).toBe(0);
  });

  it.each<[string, LoopEvent, string]>([
    [
      'the cluster is lost',
      { type: 'cluster.lost', why: 'connect\nECONNREFUSED' },
      '✗ cluster lost: connect ECONNREFUSED',
    ],
    ['the configuration is bad', { type: 'config.rejected', problem: { title: 'It is bad', why: 'x' } }, '✗ It is bad'],
    ['it ends', { type: 'loop.stopping', why: 'q' }, '… stopping'],
    ['an edit is live', live('backend', 2), 'edit 2 live in 1.2 s'],
  ])('says when %s', async (_, event, text) => {
    const screen = await openStreamScreen();
    await screen.feed(...allHealthy(), event);
    expect(screen.screen().split('\n').at(-1)).toBe(`   ${text} · q quit`);
    await screen.close();
  });

  it('gives the terminal back', async () => {
    const screen = await openStreamScreen(80, 24, { before: '$ devloop up\n' });
    await screen.feed(...allHealthy(), logged('backend', 'last words'));
    expect(screen.written()).toContain('\x1b[?25l');
    await screen.close();
    await screen.close();
    expect(screen.screen()).not.toMatch(footer);
    expect(screen.screen()).toMatch(/^\$ devloop up\n.*last words$/s);
    expect(screen.written().endsWith('\x1b[?25h')).toBe(true);
    expect(screen.rawModes).toEqual([true, false]);
    expect(screen.timers()).toBe(0);
  });

  it('prints what came just before the end', async () => {
    const screen = await openStreamScreen();
    const feeding = screen.feed(started());
    await screen.close();
    await feeding;
    expect(withoutEnd(screen.lines())).toEqual(plainLines([started()]));
  });

  it.each([
    ['q', ['quit']],
    ['\x03', ['interrupt']],
    ['quiet, please', []],
    ['x', []],
  ])('takes the key %j for %j', async (key, asked) => {
    const screen = await openStreamScreen();
    await screen.type(key);
    expect(screen.asked).toEqual(asked);
    await screen.close();
  });

  it('uses no colours when told not to, and says the same with them', async () => {
    const [plain, coloured] = await Promise.all([openStreamScreen(), openStreamScreen(80, 24, { color: true })]);
    for (const screen of [plain, coloured]) await screen.feed(...allHealthy(), podChanged(crashLoopPod('backend')));
    expect(plain.written().includes('\x1b[3')).toBe(false);
    expect(plain.written().includes('\x1b[2m')).toBe(false);
    expect(coloured.written()).toContain('\x1b[31m✗');
    expect(coloured.screen()).toBe(plain.screen());
    await Promise.all([plain.close(), coloured.close()]);
  });

  it('lets no foreign text move the cursor', async () => {
    const screen = await openStreamScreen();
    await screen.feed(started(), logged('backend', '\x1b[2J\x1b[Hgone?\x1b]0;title\x07'));
    expect(content(screen.lines())).toEqual([...plainLines([started()]), 'backend  │ gone?']);
    await screen.close();
  });

  it('prints each command with --verbose', async () => {
    const command = { id: 1, line: 'helm upgrade', startedAt: startTime, ms: 210, exitCode: 0 };
    const screen = await openStreamScreen(80, 24, { verbose: true });
    await screen.feed({ type: 'command.ended', command });
    expect(content(screen.lines())).toEqual(['$ helm upgrade  (exit code 0, 210 ms)']);
    await screen.close();
  });
});
