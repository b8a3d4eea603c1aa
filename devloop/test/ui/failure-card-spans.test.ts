import { describe, expect, it } from '@jest/globals';
import { renderSpans, spansWidth } from '../../src/lib/spans.ts';
import type { FailureCard } from '../../src/state/failure-card.ts';
import { failureCardHeight, failureCardSpans } from '../../src/ui/failure-card-spans.ts';

const card: FailureCard = {
  service: 'backend',
  kind: 'crash-loop',
  cause: 'backend keeps crashing: exit code 1, the app reported an error',
  evidence: [
    { type: 'exit', container: 'backend', code: 1, meaning: 'the app reported an error', restarts: 3 },
    { type: 'last-lines', container: 'backend', lines: ['one', 'two', 'three', 'four', `Error: ${'x'.repeat(120)}`] },
    { type: 'event', reason: 'BackOff', message: 'Back-off restarting failed container', count: 4 },
  ],
  fix: 'kubectl --namespace tasks-dev logs backend-7d9f-0 --container backend --previous',
  changed: ['src/a.ts', 'src/b.ts'],
  badFor: 60_000,
  lastGreen: { edit: 11, ago: 240_000 },
  actions: ['previous', 'rollback', 'restart'],
};
const keys: Readonly<Record<string, string>> = { previous: 'p', rollback: 'R', restart: 'r', copyFix: 'y' };
const textOf = (columns: number, height: number) =>
  failureCardSpans(card, columns, height, (action) => keys[action]).map((spans) => renderSpans(spans, false).trimEnd());

describe('the card on the screen', () => {
  it('is whole where there is room', () => {
    expect(textOf(100, 30)).toEqual([
      '▌ ✗ backend: backend keeps crashing: exit code 1, the app reported an error',
      '▌ exit       code 1: the app reported an error; 3 restarts',
      '▌ last lines │ one',
      '▌            │ two',
      '▌            │ three',
      '▌            │ four',
      `▌            │ Error: ${'x'.repeat(77)}…`,
      '▌ event      BackOff: Back-off restarting failed container (4 times)',
      '▌ changed    src/b.ts, src/a.ts',
      '▌ since      bad for 1m 00s; last green: edit 11, 4m 00s ago',
      '▌ fix        kubectl --namespace tasks-dev logs backend-7d9f-0 --container backend --previous',
      '▌ help       p previous logs   R roll back   r restart   y copy the fix',
    ]);
  });

  it('loses its oldest evidence first, and keeps the label on what is left', () => {
    const text = textOf(100, 8);
    expect(text).toHaveLength(8);
    expect(text.slice(1, 4)).toEqual([
      '▌ exit       code 1: the app reported an error; 3 restarts',
      `▌ last lines │ Error: ${'x'.repeat(77)}…`,
      '▌ event      BackOff: Back-off restarting failed container (4 times)',
    ]);
  });

  it.each([
    [6, ['✗', 'exit', 'changed', 'since', 'fix', 'help']],
    [3, ['✗', 'fix', 'help']],
    [1, ['✗']],
  ])('has in %i rows what matters most', (height, starts) => {
    expect(textOf(100, height).map((row) => row.split(' ')[1])).toEqual(starts);
  });

  it('stands without a column of labels in a narrow terminal', () => {
    expect(textOf(60, 30).slice(0, 4)).toEqual([
      '▌ ✗ backend: backend keeps crashing: exit code 1, the app',
      '▌ reported an error',
      '▌ exit: code 1: the app reported an error; 3 restarts',
      '▌ │ one',
    ]);
  });

  it.each([60, 69, 70, 80, 120, 200, 300])('fits into %i columns, and asks for as many rows as it needs', (columns) => {
    const rows = failureCardSpans(card, columns, 99);
    expect(Math.max(...rows.map(spansWidth))).toBeLessThanOrEqual(columns);
    expect(failureCardHeight(card, columns)).toBe(rows.length);
  });

  it('names what helps without a key where there is none', () => {
    expect(renderSpans(failureCardSpans(card, 100, 30).at(-1) ?? [], false)).toBe(
      '▌ help       previous logs   roll back   restart   copy the fix',
    );
  });

  it('names one key once, and what is no command is not to be copied', () => {
    const other = { ...card, actions: ['previous', 'logs', 'restart'], fix: 'Correct the file.' } as const;
    const sameKey = { previous: 'l', logs: 'l', restart: 'r' } as const;
    const rows = failureCardSpans(
      other,
      100,
      30,
      (action) => Object.entries(sameKey).find(([name]) => name === action)?.[1],
    );
    expect(renderSpans(rows.at(-1) ?? [], false)).toBe('▌ help       l previous logs   r restart');
  });
});
