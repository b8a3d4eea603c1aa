export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly p90: number;
}

/** The spread of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) throw new Error('There are no values');
  const at = (index: number) => sorted[index] ?? last;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: first,
    max: last,
    // the nearest rank: the smallest value that 90 of 100 do not exceed
    p90: at(Math.ceil(sorted.length * 0.9) - 1),
  };
}
