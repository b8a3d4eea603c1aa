import { describe, expect, it } from '@jest/globals';
import type { ProbeResult } from '../../src/model/pod.ts';
import type { ServiceRow } from '../../src/state/service-row.ts';
import type { Phase } from '../../src/state/service-summary.ts';
import { byAttention, type Ranks } from '../../src/ui/by-attention.ts';

const row = (name: string, phase: Phase, probes: readonly Partial<ProbeResult>[] = []) =>
  ({ name, phase, probes }) as unknown as ServiceRow;
const names = (rows: readonly ServiceRow[]) => rows.map(({ name }) => name).join(' ');
const none: ReadonlySet<string> = new Set();

/** The order after each look, each one with the ranks of the one before it. */
function orders(...looks: readonly (readonly ServiceRow[])[]): string[] {
  let ranks: Ranks = new Map();
  return looks.map((rows) => {
    const sorted = byAttention(rows, none, ranks);
    ranks = sorted.ranks;
    return names(sorted.rows);
  });
}

describe('the order by need for attention', () => {
  it('is: failed, unread problems, not up yet, well; each in the project’s order', () => {
    const rows = [
      row('well', 'ready'),
      row('builds', 'building'),
      row('unread', 'ready'),
      row('failed', 'failed'),
      row('well-too', 'ready'),
      row('waits', 'waiting'),
      row('failed-too', 'failed'),
    ];
    expect(names(byAttention(rows, new Set(['unread', 'failed-too']), new Map()).rows)).toBe(
      'failed failed-too unread builds waits well well-too',
    );
  });

  it.each<Phase>(['waiting', 'building', 'deploying', 'updating', 'starting'])(
    'does not change while a service that was well is %s',
    (phase) => {
      expect(
        orders(
          [row('a', 'ready'), row('b', 'ready')],
          [row('a', 'ready'), row('b', phase)],
          [row('a', 'ready'), row('b', 'ready')],
        ),
      ).toEqual(['a b', 'a b', 'a b']);
    },
  );

  it('leaves a service that failed on top while its next edit is built, until it is well', () => {
    expect(
      orders(
        [row('a', 'ready'), row('b', 'failed')],
        [row('a', 'ready'), row('b', 'building')],
        [row('a', 'ready'), row('b', 'starting')],
        [row('a', 'ready'), row('b', 'ready')],
      ),
    ).toEqual(['b a', 'b a', 'b a', 'a b']);
  });

  it('brings up a service whose probe fails again and again', () => {
    const failing = [{ ok: true }, { ok: false }, { ok: false }, { ok: false }];
    expect(orders([row('a', 'ready'), row('b', 'ready')], [row('a', 'ready'), row('b', 'starting', failing)])).toEqual([
      'a b',
      'b a',
    ]);
  });

  it('does not change what it is given', () => {
    const rows = [row('a', 'ready'), row('b', 'failed')];
    byAttention(rows, none, new Map());
    expect(names(rows)).toBe('a b');
  });
});
