import { expect, it } from '@jest/globals';
import { quantity } from '../../src/adapters/kubernetes/quantity.ts';

it.each<[string | undefined, number | undefined]>([
  ['250m', 0.25],
  ['1', 1],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['2.', 2],
  ['100n', 1e-7],
  ['256Mi', 268_435_456],
  ['1Gi', 1_073_741_824],
  ['1.5Gi', 1_610_612_736],
  ['128974848', 128_974_848],
  ['129M', 129_000_000],
  ['129e6', 129_000_000],
  ['1E3', 1000],
  ['1E', 1e18],
  ['', undefined],
  [undefined, undefined],
  ['a lot', undefined],
  ['1 Gi', undefined],
])('the quantity %p is %p', (text, expected) => {
  const value = quantity(text);
  if (expected === undefined) expect(value).toBeUndefined();
  else expect(value).toBeCloseTo(expected, 12);
});
