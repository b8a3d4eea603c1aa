import { spreadOf } from './stats.ts';

/** Milliseconds of each round. */
export interface MeasuredTransfer {
  readonly title: string;
  readonly devloop: readonly number[];
  readonly kubectl: readonly number[];
}

/** @param memory that devloop had at most, MB */
export function forwardReport(measured: readonly MeasuredTransfer[], memory: number): string {
  const rows = measured.map(({ title, devloop, kubectl }) => {
    const [ours, theirs] = [spreadOf(devloop), spreadOf(kubectl)];
    const cells = [ours.median, ours.min, ours.max, theirs.median, theirs.min, theirs.max];
    return line(title, [...cells.map((value) => value.toFixed(0)), (ours.median / theirs.median).toFixed(2)]);
  });
  return [
    line('', ['devloop', '', '', 'kubectl', '', '', '']),
    line('ms', ['median', 'min', 'max', 'median', 'min', 'max', 'ratio']),
    ...rows,
    `devloop's memory was at most ${memory.toFixed(0)} MB`,
  ].join('\n');
}

const line = (title: string, cells: readonly string[]): string =>
  title.padEnd(34) + cells.map((cell) => cell.padStart(8)).join('');
