import { expect, it } from '@jest/globals';
import { courseOf } from './flatness.ts';

const pointsOf = (values: readonly number[]) => values.map((value, index) => ({ at: index * 30, value }));
const hour = Array.from({ length: 120 }, (_, index) => index);

it.each([
  { what: 'what stays does not rise', values: hour.map(() => 100), rise: 0 },
  { what: 'a leak rises', values: hour.map((index) => 100 + index), rise: 59 },
  { what: 'what is loaded at the start is no rise', values: hour.map((index) => (index < 40 ? index : 40)), rise: 0 },
  { what: 'peaks are no rise', values: hour.map((index) => (index % 7 === 0 ? 500 : 100)), rise: 0 },
  { what: 'a saw is no rise', values: hour.map((index) => 100 + (index % 5)), rise: 0 },
])('$what', ({ values, rise }) => {
  expect(courseOf(pointsOf(values)).secondRise).toBeCloseTo(rise, 5);
});

it('tells both halves apart', () => {
  expect(courseOf(pointsOf([1, 2, 3, 4, 10, 10, 10, 10]))).toEqual({
    ...{ first: 2.5, second: 10, most: 10 },
    ...{ firstRise: 3, secondRise: 0 },
  });
});
