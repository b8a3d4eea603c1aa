import { expect, it } from '@jest/globals';
import { type UsualLatency, usualAfter } from '../../src/state/usual-latency.ts';

const repeat = (count: number, ...latencies: number[]) => Array.from({ length: count }, () => latencies).flat();
const toldAfter = (latencies: readonly number[]) =>
  latencies.reduce<UsualLatency | undefined>(usualAfter, undefined)?.told;

it.each<[string, readonly number[], number | undefined]>([
  ['nothing of a few results', repeat(9, 12), undefined],
  ['what results come to', repeat(10, 12), 12],
  ['the same while results stray', [...repeat(10, 12), ...repeat(50, 9, 12, 16)], 12],
  ['the same after single slow ones', [...repeat(10, 12), 5000, ...repeat(5, 12), 900], 12],
  ['another when results have changed', [...repeat(10, 12), ...repeat(60, 300)], 209],
  ['less when they have become faster', [...repeat(10, 300), ...repeat(60, 12)], 16],
])('tells %s', (_, latencies, told) => {
  expect(toldAfter(latencies)).toBe(told);
});
