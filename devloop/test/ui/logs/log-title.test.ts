import { describe, expect, it } from '@jest/globals';
import { renderSpans, spansWidth } from '../../../src/lib/spans.ts';
import type { LogView } from '../../../src/ui/logs/log-view.ts';
import { titleSpans } from '../../../src/ui/logs/title-spans.ts';
import { LogDesk } from './support.ts';

const bottom = { group: 1, seq: 1 };
const full: Partial<LogView> = {
  scope: 'selected',
  narrowed: { service: 'backend', pod: 'backend-7d9f-x7k2p', container: 'app' },
  filter: 'line [0-9]',
  levels: 'warnings',
  since: { minutes: 5, from: 0 },
  raw: true,
  mode: 'all',
  bottom,
};

function title(change: Partial<LogView>, columns: number, below = 7): string {
  const desk = new LogDesk(change);
  for (let index = 0; index < 12; index += 1)
    desk.add(`WARN line ${index}`, { pod: 'backend-7d9f-x7k2p', container: 'app' });
  const { view, selected } = desk;
  const spans = titleSpans({ view, selected, shown: desk.index.show(view, selected), below, followKey: 'F' }, columns);
  expect(spansWidth(spans)).toBeLessThanOrEqual(columns);
  return renderSpans(spans, false);
}

describe('the title of the logs', () => {
  it.each<[Partial<LogView>, string]>([
    [{}, '── logs of all ──────────────────────────────────────────────────── following ──'],
    [{ scope: 'selected' }, '── logs of backend ──────────────────────────────────────────────── following ──'],
    [{ bottom }, '── logs of all ─────────────────────────────── frozen, 7 new lines: F follows ──'],
    [{ filter: 'line' }, '── logs of all  / line 12 matches ───────────────────────────────── following ──'],
    [{ filter: 'line 11' }, '── logs of all  / line 11 1 match ───────────────────────────────── following ──'],
    [{ filter: '!line 1' }, '── logs of all  / !line 1 9 without ─────────────────────────────── following ──'],
    [{ filter: 'line .$' }, '── logs of all  regex / line .$ 10 matches ──────────────────────── following ──'],
    [
      { filter: 'line', match: { group: 3, seq: 3 }, mode: 'all' },
      '── logs of all  / line 3 of 12  all lines ───────────────────────── following ──',
    ],
    [
      { levels: 'warnings', raw: true },
      '── logs of all  warnings and errors  raw ────────────────────────── following ──',
    ],
    [{ typing: true }, '── logs of all  /    Enter keeps, Esc clears ────────────────────── following ──'],
    [{ filter: '(' }, '── logs of all  / ( 0 matches  taken as text: unterminated group ── following ──'],
  ])('with %j', (change, expected) => {
    expect(title(change, 80)).toBe(expected);
  });

  it.each([60, 80, 120, 200])('fits %i columns, what matters least gives way', (columns) => {
    expect(title(full, columns)).toMatchSnapshot();
  });

  it.each<[LogView['narrowed'], string]>([
    [undefined, 'backend'],
    [{ service: 'backend', pod: 'backend-7d9f-x7k2p' }, 'backend/x7k2p'],
    [{ service: 'backend', container: 'app' }, 'backend/*/app'],
    [{ service: 'frontend', pod: 'frontend-1' }, 'backend'],
  ])('names the scope %j', (narrowed, expected) => {
    const change = narrowed === undefined ? {} : { narrowed };
    expect(title({ scope: 'selected', ...change }, 80)).toContain(`logs of ${expected} ─`);
  });

  it('says that one line is new', () => {
    expect(title({ bottom }, 80, 1)).toContain(' frozen, 1 new line: F follows ');
    expect(title({ bottom }, 80, 0)).toContain(' frozen ──');
  });
});
