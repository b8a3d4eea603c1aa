import { expect, test } from '@jest/globals';
import { createStartTurns } from '../../../src/sandbox/node/containers/start-turns.ts';
import { settle } from '../../fakes/ticks.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const never = new AbortController().signal;

function setUp() {
  const clock = createFakeClock(0);
  const turn = createStartTurns(clock);
  const started: string[] = [];
  const start = (name: string, ending = never) => void turn(ending).then(() => started.push(name));
  return { clock, started, start };
}

test('the first has its turn at once, the others one after the other', async () => {
  const { clock, started, start } = setUp();
  for (const name of ['a', 'b', 'c']) start(name);
  await settle();
  expect(started).toEqual(['a']);
  clock.advance(10);
  await settle();
  expect(started).toEqual(['a', 'b']);
  clock.advance(10);
  await settle();
  expect(started).toEqual(['a', 'b', 'c']);
});

test('one that is to end takes no time of the others', async () => {
  const { clock, started, start } = setUp();
  const ending = new AbortController();
  start('a');
  for (let count = 0; count < 100; count += 1) start('ended', ending.signal);
  start('b');
  ending.abort();
  clock.advance(0);
  await settle();
  clock.advance(10);
  await settle(200);
  expect(started.filter((name) => name !== 'ended')).toEqual(['a', 'b']);
});

test('where many wait, others get more time between two', async () => {
  const { clock, started, start } = setUp();
  for (let count = 0; count < 13; count += 1) start(String(count));
  await settle(20);
  expect(started).toHaveLength(1);
  clock.advance(44);
  await settle(20);
  expect(started).toHaveLength(1);
  clock.advance(1);
  await settle(20);
  expect(started).toHaveLength(2);
  clock.advance(45);
  await settle(20);
  clock.advance(10);
  await settle(20);
  expect(started).toHaveLength(4);
});
