import { expect, it } from '@jest/globals';
import { growthOf, type Sample } from './soak-samples.ts';

const sample: Sample = { devloopMemory: 100, devloopFiles: 40, runnerMemory: 40, processes: 3 };
const samples = (count: number, change: Partial<Sample> = {}) =>
  Array.from({ length: count }, () => ({ ...sample, ...change }));

it('nothing has grown when the last samples are as the first', () => {
  const { faults, table } = growthOf(samples(30));
  expect(faults).toEqual([]);
  expect(table.split('\n')[1]).toMatch(/^devloopMemory +100 +100 +100$/);
});

it('what is loaded once is no growth', () => {
  expect(growthOf([...samples(10, { devloopMemory: 10, devloopFiles: 1 }), ...samples(30)]).faults).toEqual([]);
});

it('names all that has grown too much', () => {
  const grown = { devloopMemory: 201, devloopFiles: 61, runnerMemory: 111, processes: 6 };
  expect(growthOf([...samples(25), ...samples(10, grown)]).faults).toEqual([
    'devloopMemory has grown from 100 to 201',
    'devloopFiles has grown from 40 to 61',
    'runnerMemory has grown from 40 to 111',
    'processes has grown from 3 to 6',
  ]);
});

it('too few samples tell nothing', () => {
  expect(growthOf([...samples(10), ...samples(10, { processes: 9 })]).faults).toEqual([]);
});
