import { spreadOf } from './stats.ts';

/** One transfer through one forward. */
export interface MeasuredForward {
  readonly ms: number;
  /** Milliseconds of a core that the process which forwards has used, in steps of 10. */
  readonly cpu: number;
}

/** Each round of a transfer. */
export interface MeasuredTransfer {
  readonly title: string;
  readonly devloop: readonly MeasuredForward[];
  readonly kubectl: readonly MeasuredForward[];
}

/** @param memory that devloop had at most, MB */
export function forwardReport(measured: readonly MeasuredTransfer[], memory: number): string {
  const rows = measured.map(({ title, devloop, kubectl }) => {
    const ratio = medianOf(devloop, 'ms') / medianOf(kubectl, 'ms');
    return line(title, [...cellsOf(devloop), ...cellsOf(kubectl), ratio.toFixed(2)]);
  });
  return [
    line('', ['devloop', '', '', '', 'kubectl']),
    line('ms', ['median', 'min', 'max', 'CPU', 'median', 'min', 'max', 'CPU', 'ratio']),
    ...rows,
    `devloop's memory was at most ${memory.toFixed(0)} MB`,
  ].join('\n');
}

const medianOf = (all: readonly MeasuredForward[], what: keyof MeasuredForward): number =>
  spreadOf(all.map((one) => one[what])).median;

function cellsOf(all: readonly MeasuredForward[]): string[] {
  const { median, min, max } = spreadOf(all.map(({ ms }) => ms));
  return [median, min, max, medianOf(all, 'cpu')].map((value) => value.toFixed(0));
}

const line = (title: string, cells: readonly string[]): string =>
  (title.padEnd(34) + cells.map((cell) => cell.padStart(8)).join('')).trimEnd();
