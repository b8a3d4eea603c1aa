import type { ServiceRow } from '../state/service-row.ts';

/** Where each service stands, by name: 0 has failed, 1 has an unread problem, 2 is not up yet, 3 is well. */
export type Ranks = ReadonlyMap<string, number>;

export interface Attention {
  readonly rows: readonly ServiceRow[];
  /** For the next time. */
  readonly ranks: Ranks;
}

/**
 * The rows sorted by their need for attention, in the project's order where they need the same. A row does not move
 * while work on it is under way: one that is well stays where it was when it is built and started anew, and one in a
 * crash loop does not leave its place each time that it is started again.
 * @param before the ranks of the last time; empty at first
 */
export function byAttention(rows: readonly ServiceRow[], unread: ReadonlySet<string>, before: Ranks): Attention {
  const ranks = new Map(rows.map((row) => [row.name, rankOf(row, unread.has(row.name), before.get(row.name))]));
  const sorted = rows.toSorted((a, b) => (ranks.get(a.name) ?? 0) - (ranks.get(b.name) ?? 0));
  return { rows: sorted, ranks };
}

function rankOf(row: ServiceRow, unread: boolean, before = 2): number {
  if (row.phase === 'failed') return 0;
  const own = row.phase === 'ready' ? 3 : Math.min(before, isStuck(row) ? 2 : 3);
  return unread ? Math.min(own, 1) : own;
}

const failuresOfStuck = 3;

/** It should have come up by now: its probe fails again and again. */
function isStuck({ phase, probes }: ServiceRow): boolean {
  const last = probes.slice(-failuresOfStuck);
  return phase === 'starting' && last.length === failuresOfStuck && last.every(({ ok }) => !ok);
}
