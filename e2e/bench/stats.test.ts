import { expect, test } from '@jest/globals';
import { spreadOf } from './stats.ts';

test('the median of an odd number of values is the middle one', () => {
  expect(spreadOf([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5, p90: 5, p99: 5 });
});

test('the median of an even number of values is between the two in the middle', () => {
  expect(spreadOf([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toEqual({ median: 5.5, min: 1, max: 10, p90: 9, p99: 10 });
});

test('no values have no spread', () => {
  expect(() => spreadOf([])).toThrow('There are no values');
});
