import { expect, test } from '@jest/globals';
import type { Clock } from '../../../src/model/clock.ts';
import { takeTurns } from '../../../src/sandbox/controllers/take-turns.ts';

/** A clock whose turns the test makes. */
function setUp() {
  const due: { ms: number; callback: () => void }[] = [];
  const inner: Clock = {
    now: () => 0,
    sleep: async () => {},
    after: (ms, callback) => {
      const timer = { ms, callback };
      due.push(timer);
      return () => due.splice(due.indexOf(timer), 1);
    },
  };
  const said: string[] = [];
  const turn = () => {
    for (const { callback } of due.splice(0)) callback();
    return said.splice(0);
  };
  return { clock: takeTurns(inner), said, turn, due };
}

test('what is due at once comes one in a turn, in its order', () => {
  const { clock, said, turn } = setUp();
  for (const name of ['a', 'b', 'c']) clock.after(0, () => said.push(name));
  expect([turn(), turn(), turn(), turn()]).toEqual([['a'], ['b'], ['c'], []]);
});

test('what asks again goes behind the others', () => {
  const { clock, said, turn } = setUp();
  const again = () => {
    said.push('again');
    clock.after(0, again);
  };
  clock.after(0, again);
  clock.after(0, () => said.push('other'));
  expect([turn(), turn(), turn()]).toEqual([['again'], ['other'], ['again']]);
});

test('what is cancelled takes no turn', () => {
  const { clock, said, turn } = setUp();
  const cancel = clock.after(0, () => said.push('cancelled'));
  clock.after(0, () => said.push('other'));
  cancel();
  expect(turn()).toEqual(['other']);
});

test('what is due later is left to the clock', () => {
  const { clock, said, turn, due } = setUp();
  clock.after(5, () => said.push('later'));
  clock.after(7, () => said.push('last'));
  expect(due.map(({ ms }) => ms)).toEqual([5, 7]);
  expect(turn()).toEqual(['later', 'last']);
});
