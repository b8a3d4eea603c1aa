import { describe, expect, it } from '@jest/globals';
import { markPlaces, sliceSpans } from '../../src/lib/span-pieces.ts';
import { span } from '../../src/lib/spans.ts';

const spans = [span('abc', { color: 'red' }), span('def'), span('', { bold: true }), span('ghi', { dim: true })];
const text = (pieces: readonly { text: string }[]) => pieces.map((piece) => piece.text).join('|');

describe('pieces of spans', () => {
  it.each([
    [0, 9, 'abc|def|ghi'],
    [1, 2, 'b'],
    [2, 7, 'c|def|g'],
    [3, 6, 'def'],
    [8, 99, 'i'],
    [4, 4, ''],
    [20, 30, ''],
  ])('from %i to %i are %j', (start, end, expected) => {
    expect(text(sliceSpans(spans, start, end))).toBe(expected);
  });

  it('keep their looks', () => {
    expect(sliceSpans(spans, 2, 4)).toEqual([{ text: 'c', color: 'red' }, { text: 'd' }]);
  });

  it('are set off at places, also across spans', () => {
    expect(
      markPlaces(spans, [
        [2, 4],
        [8, 9],
      ]),
    ).toEqual([
      { text: 'ab', color: 'red' },
      { text: 'cd', inverse: true },
      { text: 'ef' },
      { text: 'gh', dim: true },
      { text: 'i', inverse: true },
    ]);
    expect(markPlaces(spans, [])).toEqual(sliceSpans(spans, 0, 9));
  });
});
