export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly p90: number;
  readonly p99: number;
}

/** The spread of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) throw new Error('There are no values');
  const at = (index: number) => sorted[index] ?? last;
  const middle = (sorted.length - 1) / 2;
  // the nearest rank: the smallest value that so many of 100 do not exceed
  const percentile = (percent: number) => at(Math.ceil((sorted.length * percent) / 100) - 1);
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: first,
    max: last,
    p90: percentile(90),
    p99: percentile(99),
  };
}
