import type { Color } from '../../lib/paint.ts';
import { type Span, span } from '../../lib/spans.ts';
import type { EditTiming } from '../../model/events.ts';

/** The parts of an edit's way in their order, each with a glyph of its own so that it is read without colour. */
export const timingParts: readonly {
  readonly name: Exclude<keyof EditTiming, 'total'>;
  glyph: string;
  color: Color;
}[] = [
  { name: 'watch', glyph: '░', color: 'blue' },
  { name: 'build', glyph: '▒', color: 'yellow' },
  { name: 'deploy', glyph: '▓', color: 'magenta' },
  { name: 'ready', glyph: '█', color: 'green' },
];

/**
 * A bar of characters, as long as the parts take together, filled with blanks to the width. A part that took any time
 * has one character at least.
 * @param longest milliseconds that fill the whole width; what takes longer fills it too
 */
export function timingBar(timing: EditTiming, longest: number, width: number): Span[] {
  const parts = timingParts.filter(({ name }) => timing[name] > 0);
  const sum = parts.reduce((all, { name }) => all + timing[name], 0);
  if (parts.length === 0 || width < parts.length) return [span(' '.repeat(Math.max(0, width)))];
  const share = Math.min(1, sum / Math.max(longest, 1));
  const cells = Math.max(parts.length, Math.round(share * width));
  const lengths = lengthsOf(
    parts.map(({ name }) => timing[name]),
    cells,
  );
  const bar = parts.map(({ glyph, color }, index) => span(glyph.repeat(lengths[index] ?? 0), { color }));
  return [...bar, span(' '.repeat(width - cells))];
}

/** Whole numbers in proportion to the values, at least 1 each, that add up to the cells. */
function lengthsOf(values: readonly number[], cells: number): number[] {
  const sum = values.reduce((all, value) => all + value, 0);
  const exact = values.map((value) => (value / sum) * cells);
  const lengths = exact.map((value) => Math.max(1, Math.floor(value)));
  for (let left = cells - total(lengths); left !== 0; left += left > 0 ? -1 : 1) {
    const step = Math.sign(left);
    // Who is furthest from the share that is due gets one more, or gives one.
    const gaps = exact.map((value, index) => {
      const length = lengths[index] ?? 0;
      return step < 0 && length <= 1 ? Number.NEGATIVE_INFINITY : (value - length) * step;
    });
    const index = gaps.indexOf(Math.max(...gaps));
    lengths[index] = (lengths[index] ?? 0) + step;
  }
  return lengths;
}

const total = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
