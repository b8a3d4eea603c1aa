import { describe, expect, it } from '@jest/globals';
import { layoutOf, visibleRange } from '../../src/ui/layout.ts';

describe('the layout', () => {
  it.each([
    ['few services', { rows: 22, services: 2, problem: 0 }, { heading: 1, services: 2, problem: 0, logs: 18 }],
    [
      'few services on a low terminal',
      { rows: 13, services: 2, problem: 0 },
      { heading: 0, services: 2, problem: 0, logs: 10 },
    ],
    ['none yet', { rows: 22, services: 0, problem: 0 }, { heading: 0, services: 1, problem: 0, logs: 20 }],
    ['more than fit', { rows: 38, services: 40, problem: 0 }, { heading: 1, services: 24, problem: 0, logs: 12 }],
    [
      'more than fit on a low terminal',
      { rows: 13, services: 40, problem: 0 },
      { heading: 1, services: 7, problem: 0, logs: 4 },
    ],
    ['a problem', { rows: 22, services: 2, problem: 8 }, { heading: 1, services: 2, problem: 8, logs: 10 }],
    ['a long problem', { rows: 22, services: 2, problem: 30 }, { heading: 1, services: 2, problem: 11, logs: 7 }],
    [
      'a long problem on a low terminal',
      { rows: 13, services: 40, problem: 30 },
      { heading: 1, services: 3, problem: 5, logs: 3 },
    ],
  ])('has room for %s', (_, needs, expected) => {
    expect(layoutOf(needs)).toEqual(expected);
  });

  it('fills all rows, and leaves some to the logs', () => {
    for (let rows = 12; rows < 98; rows += 1)
      for (const services of [1, 5, 100])
        for (const problem of [0, 4, 50]) {
          const { logs, ...others } = layoutOf({ rows, services, problem });
          expect(logs).toBeGreaterThanOrEqual(3);
          expect(logs + 1 + others.heading + others.services + others.problem).toBe(rows);
        }
  });
});

describe('the part of a list that shows', () => {
  it.each([
    [40, 0, 10, { from: 0, to: 10 }],
    [40, 20, 10, { from: 15, to: 25 }],
    [40, 39, 10, { from: 30, to: 40 }],
    [3, 2, 10, { from: 0, to: 3 }],
  ])('of %i with %i selected in %i rows', (count, selected, size, expected) => {
    expect(visibleRange(count, selected, size)).toEqual(expected);
  });
});
