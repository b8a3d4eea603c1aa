import { afterEach, describe, expect, it } from '@jest/globals';
import { mouseOff, mouseOn } from '../../../src/ui/mouse/mouse-reports.ts';
import { createGate } from '../../fakes/ticks.ts';
import { allHealthy, logged, sampleProject } from '../../support/sample.ts';
import { openScreen, type Screen } from '../../support/screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const withMouse = { ...sampleProject(), ui: { notify: 'off', mouse: true } } as const;
const lines = Array.from({ length: 100 }, (_, index) => logged('backend', `line ${index}`));

/** A report of a button at the first place of the text. */
async function press(button: number, text: string): Promise<void> {
  const row = screen.lines().findIndex((line) => line.includes(text));
  const column = screen.lines()[row]?.indexOf(text) ?? -1;
  await screen.type(`\x1b[<${button};${column + 1};${row + 1}M`);
  await screen.type(`\x1b[<${button};${column + 1};${row + 1}m`);
}
const selected = () => /› ● (\w+)/.exec(screen.text())?.[1];

describe('the mouse', () => {
  it('selects the service that is clicked, and opens it at the second click', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy(withMouse));
    await press(0, 'frontend');
    expect(selected()).toBe('frontend');
    expect(screen.text()).not.toContain('1 logs');
    await press(0, 'frontend');
    expect(screen.text()).toContain('1 logs');
  });

  it('opens the tab that is clicked, and selects a row of it', async () => {
    screen = await openScreen(80, 24);
    await screen.feed(...allHealthy(withMouse));
    await screen.type('\r');
    await press(0, 'describe');
    const rows = screen.lines();
    const row = rows[rows.findIndex((line) => line.startsWith('› ')) + 3] ?? '';
    await press(0, row.trim());
    expect(screen.lines().find((line) => line.startsWith('› '))).toContain(row.trim());
  });

  it('scrolls the log with its wheel, three lines a step', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy(withMouse), ...lines);
    expect(screen.text()).toContain('line 99');
    await press(64, 'line 99');
    expect(screen.text()).toMatch(/line 96\n/);
    expect(screen.text()).not.toContain('line 97');
    expect(screen.text()).toContain('frozen, 3 new');
    await press(65, 'line 96');
    await press(65, 'line 97');
    expect(screen.text()).toContain('line 99');
  });

  it('is nothing where a row has nothing', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy(withMouse), ...lines);
    const before = screen.text();
    for (const text of ['devloop', 'SERVICE', 'logs of', 'line 99', 'quit']) await press(0, text);
    expect(screen.text()).toBe(before);
  });

  it('is the terminal’s as long as the configuration does not ask for it', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy());
    await screen.close();
    expect(screen.written()).not.toContain('\x1b[?1000h');
  });

  it('is given back for the time that the terminal is lent, and at the end', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy(withMouse));
    const count = (code: string) => screen.written().split(code).length - 1;
    expect([count(mouseOn), count(mouseOff)]).toEqual([1, 0]);
    const gate = createGate();
    const lent = screen.lend(() => gate.promise);
    await screen.advance(0);
    expect([count(mouseOn), count(mouseOff)]).toEqual([1, 1]);
    gate.open();
    await lent;
    expect([count(mouseOn), count(mouseOff)]).toEqual([2, 1]);
    await screen.close();
    expect([count(mouseOn), count(mouseOff)]).toEqual([2, 2]);
  });
});
