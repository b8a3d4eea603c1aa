import { describe, expect, it } from '@jest/globals';
import { keptChunks, noLines, withLine } from '../../src/lib/kept-lines.ts';

const linesUpTo = (count: number, capacity: number) =>
  Array.from({ length: count }, (_, index) => `line ${index}`).reduce(
    (lines, line) => withLine(lines, line, capacity),
    noLines,
  );

describe('kept lines', () => {
  it.each([
    [0, 100],
    [1, 100],
    [49, 100],
    [50, 100],
    [51, 100],
    [149, 100],
  ])('keep all of %i lines', (count, capacity) => {
    const lines = linesUpTo(count, capacity);
    expect(lines.dropped).toBe(0);
    expect(keptChunks(lines).flat()).toEqual(Array.from({ length: count }, (_, index) => `line ${index}`));
  });

  it.each([
    [150, 100],
    [1234, 100],
    [10_000, 2000],
  ])('keep the newest of %i lines, and count the others', (count, capacity) => {
    const lines = linesUpTo(count, capacity);
    const kept = keptChunks(lines).flat();
    expect(kept.length + lines.dropped).toBe(count);
    expect(kept.length).toBeGreaterThanOrEqual(capacity);
    expect(kept.length).toBeLessThanOrEqual(capacity + 50);
    expect([kept[0], kept.at(-1)]).toEqual([`line ${lines.dropped}`, `line ${count - 1}`]);
  });

  it('leave the value that a line is added to as it was', () => {
    const before = linesUpTo(60, 100);
    withLine(before, 'more', 100);
    expect(keptChunks(before).flat()).toHaveLength(60);
  });
});
