import type { Measured } from './measurement.ts';
import { spreadOf } from './stats.ts';

const parts = ['watch', 'build', 'deploy', 'ready'] as const;

/** The result as a table of milliseconds, with the requests that failed by their cause. */
export function report({ title, edits, requests, failures }: Measured): string {
  const rows: [string, number[]][] = [['edit → live', edits.map(({ live }) => live)]];
  for (const part of parts) rows.push([`  ${part}`, edits.map((edit) => edit.parts[part])]);
  const table = rows.map(([name, values]) => {
    const { median, min, max, p90 } = spreadOf(values);
    return line([name, ...[median, min, max, p90].map((value) => value.toFixed(0))]);
  });
  const causes = [...Map.groupBy(failures, (failure) => failure)].map(([cause, all]) => `  ${all.length} × ${cause}`);
  const counts = `${edits.length} edits; ${requests} requests, ${failures.length} failed`;
  return [title, line(['ms', 'median', 'min', 'max', 'p90']), ...table, counts, ...causes, ''].join('\n');
}

const line = ([name = '', ...cells]: string[]): string =>
  name.padEnd(14) + cells.map((cell) => cell.padStart(8)).join('');
