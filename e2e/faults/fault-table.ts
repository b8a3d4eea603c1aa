import type { Outcome } from './fault.ts';

/** The outcomes as rows of a table in markdown. */
export function faultTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ fault, recovery, requests, failed, edits, lines, broken }) =>
    [
      ...[fault.part, fault.name, `${fault.within / 1000} s`, recovery === undefined ? 'never' : seconds(recovery)],
      ...[requests, failed, fault.mayFail ?? 'any', edits, lines, broken.length === 0 ? 'yes' : broken.join('; ')],
    ].join(' | '),
  );
  const names = ['part', 'fault', 'promised', 'live after', 'requests', 'failed', 'may fail', 'edits', 'lines', 'kept'];
  return [names.join(' | '), names.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |\n`).join('');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
