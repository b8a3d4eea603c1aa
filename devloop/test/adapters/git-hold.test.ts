import { mkdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { GitHold } from '../../src/adapters/files/git-hold.ts';
import type { ChangedFiles, HeldFiles } from '../../src/engine/outside.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({ '.git/HEAD': '' });
});
afterEach(() => folder.remove());

function setUp(lookAgain: (hold: GitHold) => void = () => {}) {
  const clock = createFakeClock(1000);
  const batches: ChangedFiles[] = [];
  const told: (HeldFiles | string | undefined)[] = [];
  const changing = { now: false };
  let looks = 0;
  const hold: GitHold = new GitHold(clock, {
    release: (batch) => batches.push(batch),
    held: (one) => told.push(one),
    stuck: (lock) => told.push(lock.replace(`${folder.root}/`, 'stuck ')),
    isChanging: () => changing.now,
    lookAgain: async () => {
      looks += 1;
      if (looks === 1) lookAgain(hold);
    },
  });
  const save = (...names: readonly string[]) => hold.take({ files: names.map(folder.path), changedAt: clock.now() });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 25) {
      clock.advance(25);
      await settle(1);
    }
  };
  const released = () =>
    batches.map(({ files, changedAt }) => [files.map((file) => file.slice(folder.root.length + 1)), changedAt]);
  return { clock, hold, told, changing, save, pass, released };
}
const lock = () => folder.write('.git/index.lock', '');
const unlock = () => rmSync(folder.path('.git/index.lock'));

it('a save goes on at once where git does nothing, and leaves no timer', () => {
  const { clock, save, released } = setUp();
  save('a');
  expect([released(), clock.pending()]).toEqual([[[['a'], 1000]], 0]);
});

it('what changes while the lock stands goes on as one, once it is gone', async () => {
  const { clock, save, pass, released, told } = setUp();
  lock();
  save('a', 'b');
  await pass(400);
  save('b', 'c');
  await pass(1000);
  expect(released()).toEqual([]);
  expect(told).toEqual([{ files: 3, why: 'index.lock stands' }]);
  unlock();
  await pass(200);
  expect([released(), clock.pending()]).toEqual([[[['a', 'b', 'c'], 1000]], 0]);
  expect(told.at(-1)).toBeUndefined();
});

it('a short hold is not told of', async () => {
  const { save, pass, told } = setUp();
  lock();
  save('a');
  await pass(100);
  unlock();
  await pass(200);
  expect(told).toEqual([]);
});

it('a command whose lock is gone by the time of the batch holds it all the same', async () => {
  const { hold, changing, save, pass, released } = setUp();
  lock();
  changing.now = true;
  hold.begin(folder.path('a'));
  unlock();
  await pass(500);
  changing.now = false;
  save('a');
  save('b');
  expect(released()).toEqual([]);
  await pass(200);
  expect(released()).toEqual([[['a', 'b'], 1500]]);
});

it('what is found by looking again goes along', async () => {
  const { save, pass, released } = setUp((hold) => hold.take({ files: [folder.path('missed')], changedAt: 0 }));
  lock();
  save('a');
  unlock();
  await pass(300);
  expect(released()).toEqual([[['a', 'missed'], 1000]]);
});

it('two commands with a moment between are one batch', async () => {
  const { save, pass, released } = setUp();
  lock();
  save('a');
  unlock();
  await pass(50);
  lock();
  await pass(300);
  save('b');
  unlock();
  await pass(300);
  expect(released()).toEqual([[['a', 'b'], 1000]]);
});

it('a rebase that git does not go on with lets its files go', async () => {
  const { save, pass, released } = setUp();
  mkdirSync(folder.path('.git/rebase-merge'));
  save('a');
  await pass(100);
  expect(released()).toEqual([]);
  // The real time that git has been quiet.
  await new Promise((resolve) => setTimeout(resolve, 550));
  await pass(200);
  save('b');
  expect(released()).toEqual([
    [['a'], 1000],
    [['b'], 1300],
  ]);
});

it('a lock with which nothing happens is given up, and another is not', async () => {
  const { save, pass, released, told } = setUp();
  lock();
  save('a');
  await pass(4900);
  expect(released()).toEqual([]);
  await pass(400);
  expect(released()).toEqual([[['a'], 1000]]);
  expect(told).toEqual([{ files: 1, why: 'index.lock stands' }, 'stuck .git/index.lock', undefined]);
  save('b');
  expect(released().length).toBe(2);
  unlock();
  folder.write('.git/index.lock', 'another');
  save('c');
  await pass(300);
  expect(released().length).toBe(2);
});

it('a lock with which something happens is waited for', async () => {
  const { save, pass, released } = setUp();
  lock();
  for (let number = 0; number < 5; number += 1) {
    save(`file ${number}`);
    await pass(4000);
  }
  expect(released()).toEqual([]);
});

it('lets what it holds go on at its end, and no more', async () => {
  const { clock, hold, save, pass, released } = setUp();
  lock();
  save('a');
  hold.flush();
  expect([released(), clock.pending()]).toEqual([[[['a'], 1000]], 0]);
  hold.flush();
  await pass(500);
  expect(released().length).toBe(1);
});
