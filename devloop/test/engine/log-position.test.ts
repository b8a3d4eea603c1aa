import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LogPosition } from '../../src/engine/log-position.ts';

interface Line {
  readonly timestamp: string;
  readonly at: number;
  readonly text: string;
}

const second = Date.parse('2026-01-31T14:03:21Z');
/** @param nanos from the second on; may be less than nothing */
function lineAt(nanos: number, text: string): Line {
  const at = second + Math.floor(nanos / 1e6);
  const digits = String(((nanos % 1e9) + 1e9) % 1e9).padStart(9, '0');
  return { at, text, timestamp: `${new Date(at).toISOString().slice(0, 19)}.${digits}Z` };
}

/** What is told of streams that each bring the lines of a file from the position's time on, up to so many lines of it. */
function read(file: readonly Line[], ends: readonly number[]): string[] {
  const position = new LogPosition();
  const told: string[] = [];
  for (const end of [...ends, file.length]) {
    const isNew = position.resume(() => told.push('a gap'));
    const from = position.since === undefined ? 0 : Math.floor(position.since / 1000) * 1000;
    for (const { timestamp, at, text } of file.slice(0, end).filter((line) => line.at >= from)) {
      if (!isNew(timestamp, at, text, true)) continue;
      position.add(timestamp, at, text);
      told.push(text);
    }
  }
  return told;
}

describe('the place in a log', () => {
  it.each<[string, readonly number[]]>([
    ['in order', [1, 2, 3, 4]],
    ['with lines of one time', [1, 1, 1, 2, 2]],
    ['all of one time', [7, 7, 7, 7, 7, 7]],
    ['of two writers who are not quite in order', [5, 4, 5, 6, 5, 7]],
    ['whose clock was set back by a second', [2e9, 2e9 + 1, 1e9, 1e9 + 1, 1e9 + 2]],
    ['a second apart', [0, 1e9, 2e9, 3e9, 9e9]],
  ])('is found again, %s, wherever the streams end', (_, times) => {
    const file = times.map((nanos, index) => lineAt(nanos, `line ${index}`));
    for (let first = 0; first <= file.length; first += 1)
      for (let next = first; next <= file.length; next += 1)
        expect(read(file, [first, next])).toEqual(file.map(({ text }) => text));
  });

  it('is found with nothing and with the same said again and again', () => {
    const file = [1, 1, 1, 2, 3, 3].map((nanos) => lineAt(nanos, 'tick'));
    for (let end = 0; end <= file.length; end += 1) expect(read(file, [end])).toHaveLength(file.length);
  });

  it('goes on after a rotation that took the last lines away', () => {
    const file = [1, 2, 3, 4, 5].map((nanos) => lineAt(nanos, `line ${nanos}`));
    const position = new LogPosition();
    for (const { timestamp, at, text } of file.slice(0, 3)) position.add(timestamp, at, text);
    const gaps: string[][] = [];
    const isNew = position.resume((...gap) => gaps.push(gap));
    expect(file.slice(3).map(({ timestamp, at, text }) => isNew(timestamp, at, text, true))).toEqual([true, true]);
    expect(gaps).toEqual([[file[2]?.timestamp, file[3]?.timestamp]]);
  });

  it('passes over what is older than all that is remembered', () => {
    const file = Array.from({ length: 3000 }, (_, index) => lineAt(index * 1000, `line ${index}`));
    expect(read(file, [2500])).toHaveLength(3000);
  });

  it('is before a line that was told, when a stream ends within it', () => {
    const position = new LogPosition();
    position.add('2026-01-31T14:03:21.250000000Z', second + 250, 'known');
    const isNew = () => position.resume();
    const time = ['2026-01-31T14:03:21.250000000Z', second + 250] as const;
    expect(['', 'kno', 'known'].map((text) => isNew()(...time, text, false))).toEqual([false, false, false]);
    expect([isNew()(...time, 'kno', true), isNew()(...time, 'known and more', false)]).toEqual([true, true]);
  });

  it('is asked for from two seconds before the last line', () => {
    const position = new LogPosition();
    expect(position.since).toBeUndefined();
    position.add('2026-01-31T14:03:21.250000000Z', second + 250, 'x');
    expect(position.since).toBe(second - 1750);
  });

  it('is found again in any log, wherever its streams are cut', () => {
    const steps = fc.array(fc.constantFrom(0, 0, 1, 999, 1_000_000, 400_000_000, -1, -1000), { maxLength: 200 });
    const cuts = fc.array(fc.nat(200), { maxLength: 12 });
    fc.assert(
      fc.property(steps, cuts, (gaps, ends) => {
        let nanos = 0;
        const file = gaps.map((gap, index) => {
          nanos += gap;
          return lineAt(nanos, `line ${index}`);
        });
        const sorted = [...ends].sort((a, b) => a - b);
        expect(read(file, sorted)).toEqual(file.map(({ text }) => text));
      }),
      { seed: 6, numRuns: 2000 },
    );
  });
});
