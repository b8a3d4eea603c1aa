import { spreadOf } from '../bench/stats.ts';

/** A value at a time in seconds. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** How a measure has gone over a run. */
export interface Course {
  /** Medians of the run's two halves. */
  readonly first: number;
  readonly second: number;
  /** By how much the line through each half's points rises from its begin to its end. */
  readonly firstRise: number;
  readonly secondRise: number;
  readonly most: number;
}

/** The course of at least four points, in order of time. */
export function courseOf(points: readonly Point[]): Course {
  const half = Math.floor(points.length / 2);
  const [first, second] = [points.slice(0, half), points.slice(half)];
  const valuesOf = (some: readonly Point[]) => some.map(({ value }) => value);
  return {
    first: spreadOf(valuesOf(first)).median,
    second: spreadOf(valuesOf(second)).median,
    firstRise: riseOf(first),
    secondRise: riseOf(second),
    most: spreadOf(valuesOf(points)).max,
  };
}

/**
 * The median slope of all pairs of points (Theil and Sen), which up to a quarter of outliers do not move, times the time
 * between the first and the last.
 */
function riseOf(points: readonly Point[]): number {
  const slopes = points.flatMap((one, index) =>
    points.slice(index + 1).map((other) => (other.value - one.value) / (other.at - one.at)),
  );
  const [begin, end] = [points[0], points.at(-1)];
  if (!begin || !end || slopes.length === 0) throw new Error('A rise takes two points');
  return spreadOf(slopes).median * (end.at - begin.at);
}
