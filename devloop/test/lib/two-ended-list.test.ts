import { describe, expect, it } from '@jest/globals';
import { lowerBound } from '../../src/lib/lower-bound.ts';
import { TwoEndedList } from '../../src/lib/two-ended-list.ts';

const listOf = (...values: number[]) => {
  const list = new TwoEndedList();
  for (const value of values) list.push(value);
  return list;
};
const all = (list: TwoEndedList) => Array.from({ length: list.length }, (_, index) => list.at(index));

describe('a list with two ends', () => {
  it('grows at both', () => {
    const list = listOf(5, 7);
    list.unshift(3);
    list.push(9);
    list.unshift(1);
    expect(all(list)).toEqual([1, 3, 5, 7, 9]);
    expect([0, 1, 2, 9, 10].map((value) => list.indexOf(value))).toEqual([0, 0, 1, 4, 5]);
  });

  it.each([
    [0, [1, 3, 5, 7]],
    [3, [3, 5, 7]],
    [4, [5, 7]],
    [8, []],
  ])('drops what is below %i', (value, expected) => {
    const list = listOf(5, 7);
    list.unshift(3);
    list.unshift(1);
    list.dropBelow(value);
    expect(all(list)).toEqual(expected);
    list.push(10);
    expect(all(list)).toEqual([...expected, 10]);
  });

  it('frees what it has dropped', () => {
    const list = new TwoEndedList();
    for (let value = 0; value < 10_000; value += 1) {
      list.push(value);
      list.dropBelow(value - 100);
    }
    expect(all(list)).toEqual(Array.from({ length: 101 }, (_, index) => 9899 + index));
  });

  it('cuts off from a value on', () => {
    const list = listOf(1, 3, 5, 7);
    list.dropBelow(2);
    list.cutFrom(5);
    expect(all(list)).toEqual([3]);
    list.cutFrom(9);
    list.push(6);
    expect(all(list)).toEqual([3, 6]);
  });
});

describe('the lower bound', () => {
  it.each([
    [0, 0, 5, 0],
    [0, 10, 5, 5],
    [0, 10, -1, 0],
    [0, 10, 99, 10],
    [7, 10, 5, 7],
    [7, 3, 5, 7],
  ])('between %i and %i of what is below %i is %i', (from, to, limit, expected) => {
    expect(lowerBound(from, to, (index) => index < limit)).toBe(expected);
  });
});
