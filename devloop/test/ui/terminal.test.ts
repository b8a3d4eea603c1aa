import { afterEach, describe, expect, it } from '@jest/globals';
import { textWidth } from '../../src/lib/text-width.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  edited,
  forwarded,
  logged,
  podChanged,
  probed,
  samplePod,
  started,
  startTime,
} from '../support/sample.ts';
import { openScreen, type Screen } from '../support/screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const longLines = Array.from({ length: 60 }, (_, index) =>
  logged('backend', `${index} ${'日本 long line '.repeat(40)}`),
);

describe('the size of the terminal', () => {
  it.each([
    [60, 15],
    [80, 24],
    [120, 30],
    [200, 50],
    [300, 100],
  ])('is filled and never exceeded at %ix%i', async (columns, rows) => {
    screen = await openScreen(columns, rows);
    await screen.feed(...allHealthy(), ...buildFailed('backend', 1, compilerProblem), ...longLines);
    const lines = screen.lines();
    expect(lines[0]).toContain('devloop');
    expect(lines.at(-1)).toContain('q quit');
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
    expect(screen.text()).toContain('✗ backend: ');
  });

  it('may change at any time', async () => {
    screen = await openScreen(80, 24);
    await screen.feed(...allHealthy(), ...longLines);
    for (const [columns, rows] of [
      [60, 15],
      [140, 40],
      [100, 20],
      [80, 24],
    ] as const) {
      await screen.resize(columns, rows);
      const lines = screen.lines();
      expect(lines[0]).toContain('devloop');
      expect(lines.at(-1)).toContain('q quit');
      expect(lines.filter((line) => line.includes('logs of all'))).toHaveLength(1);
    }
  });

  it('is asked for when it is too small, and the dashboard comes back', async () => {
    screen = await openScreen(80, 24);
    await screen.feed(...allHealthy());
    await screen.resize(50, 10);
    expect(screen.text()).toBe('devloop needs 60x15, this is 50x10.\nThe loop goes on. q quits.');
    await screen.type('q');
    expect(screen.quits()).toBe(1);
    await screen.resize(80, 24);
    expect(screen.text()).toContain('● backend');
  });
});

describe('drawing', () => {
  it('stops when nothing happens: no output and no timer', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy());
    const before = screen.written();
    expect(screen.timers()).toBe(0);
    await screen.advance(60_000);
    expect(screen.written()).toBe(before);
  });

  it('writes nothing for an event that changes nothing on the screen', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy());
    const before = screen.written();
    await screen.feed(podChanged(samplePod('backend')), { type: 'cluster.connected' });
    expect(screen.written()).toBe(before);
  });

  it('writes nothing for probes that pass, once the strip is full of them', async () => {
    screen = await openScreen(120, 30);
    const passed = (latency: number, index: number) =>
      probed(samplePod('backend'), { latency, at: startTime + 5000 + index * 1000 });
    await screen.feed(...allHealthy(), ...Array.from({ length: 20 }, (_, index) => passed(12, index)));
    const before = screen.written();
    for (const [index, latency] of [9, 14, 82, 31, 12, 240].entries()) await screen.feed(passed(latency, 20 + index));
    expect(screen.written()).toBe(before);
    await screen.feed(passed(600, 30));
    expect(screen.text()).toMatch(/backend .* 200 600 ms ▂*▄/);
  });

  it('counts the seconds of a running build', async () => {
    screen = await openScreen(120, 30);
    await screen.feed(started(), { type: 'build.started', service: 'backend', edit: 0 });
    await screen.advance(3000);
    expect(screen.text()).toContain('3 s · starting the build');
  });

  it('uses no colours when told not to', async () => {
    screen = await openScreen(80, 24, { color: false });
    await screen.feed(...allHealthy(), ...buildFailed('backend', 1, compilerProblem), ...longLines);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what it looks for
    expect(screen.written()).not.toMatch(/\x1b\[[\d;]*m/);
    expect(screen.text()).toContain('✗ backend   failed');
  });

  it('gives the screen back as it was', async () => {
    screen = await openScreen();
    expect(screen.buffer()).toBe('alternate');
    await screen.close();
    expect(screen.buffer()).toBe('normal');
    expect(screen.text()).toBe('');
    expect(screen.written()).toContain('\x1b[?25h');
  });
});

describe('a row', () => {
  it('names the last edit, how long it took and when', async () => {
    screen = await openScreen(160, 30);
    await screen.feed(...allHealthy(), edited(12, ['backend'], ['src/a.ts'], startTime));
    expect(screen.text()).toContain('edit 12 · for its build');
    await screen.feed({
      type: 'service.live',
      service: 'frontend',
      edit: 11,
      ms: { watch: 60, build: 240, deploy: 210, ready: 690, total: 1200 },
    });
    expect(screen.text()).toMatch(/frontend .* synced in 1\.2 s, edit 11, 14:03:20/);
  });

  it('shows the last probe results, its code and latency', async () => {
    screen = await openScreen(120, 30);
    await screen.feed(
      ...allHealthy(),
      probed(samplePod('backend'), { ok: false, code: 503, latency: 12, at: startTime + 9000 }),
    );
    expect(screen.text()).toMatch(/backend .* 503 12 ms {2}▂▂▂✗ /);
  });

  it('says why a port is not forwarded', async () => {
    screen = await openScreen(160, 30);
    await screen.feed(...allHealthy(), forwarded('backend', 4000), {
      type: 'forward.changed',
      forward: { service: 'backend', local: 4000, remote: 8080, status: 'failed', why: 'node (pid 812) listens there' },
    });
    expect(screen.text()).toContain('port 4000: node (pid 812) listens there');
    expect(screen.text()).toContain(':4000 failed');
  });
});

describe('the headline', () => {
  it('says that the cluster is lost until it is back', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy(), { type: 'cluster.lost', why: 'connect ECONNREFUSED' });
    expect(screen.lines()[1]).toBe('✗ cluster lost, trying again: connect ECONNREFUSED');
    expect(screen.text()).toMatch(/\? backend +unknown .* was ready$/m);
    await screen.feed({ type: 'cluster.connected' });
    expect(screen.text()).not.toContain('cluster lost');
    expect(screen.text()).toMatch(/● backend +ready .* since 14:03:20$/m);
  });

  it('shows a configuration that could not be used', async () => {
    screen = await openScreen(120, 30);
    const problem = {
      title: 'devloop.config.ts cannot be used',
      why: 'line 7: services.backend.ports: expected a list',
    };
    await screen.feed(...allHealthy(), { type: 'config.rejected', problem });
    expect(screen.lines()[1]).toContain('✗ devloop.config.ts cannot be used: line 7');
    expect(screen.text()).toContain('▌ line 7: services.backend.ports: expected a list');
  });

  it('drops a notice after half a minute', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy(), {
      type: 'notice',
      level: 'warning',
      text: 'the clock of the cluster is 3 s off',
    });
    expect(screen.lines()[1]).toBe('! the clock of the cluster is 3 s off');
    await screen.advance(31_000);
    expect(screen.text()).not.toContain('clock of the cluster');
    expect(screen.timers()).toBe(0);
  });
});
