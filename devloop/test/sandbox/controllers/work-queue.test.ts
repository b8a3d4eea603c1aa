import { describe, expect, test } from '@jest/globals';
import { createWorkQueue, type Reconcile } from '../../../src/sandbox/controllers/work-queue.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

function begin(reconcile: Reconcile) {
  const clock = createFakeClock(0);
  const abort = new AbortController();
  const errors: [string, unknown][] = [];
  const done: string[] = [];
  const queue = createWorkQueue(
    { clock, signal: abort.signal, onError: (where, error) => errors.push([where, error]) },
    'test',
    (namespace, name) => {
      done.push(`${clock.now()} ${namespace}/${name}`);
      return reconcile(namespace, name);
    },
  );
  return { clock, abort, errors, done, queue };
}

describe('a work queue', () => {
  test('looks later, once, and in the order of the asking', () => {
    const { clock, done, queue } = begin(() => undefined);
    queue.add('a', 'one');
    queue.add('a', 'two');
    queue.add('a', 'one');
    expect(done).toEqual([]);
    clock.advance(0);
    expect(done).toEqual(['0 a/one', '0 a/two']);
    expect(clock.pending()).toBe(0);
  });

  test('looks again at what is asked for while it is looked at', () => {
    let asked = false;
    const { clock, done, queue } = begin((namespace, name) => {
      if (!asked) queue.add(namespace, name);
      asked = true;
      return undefined;
    });
    queue.add('a', 'one');
    clock.advance(0);
    expect(done).toEqual(['0 a/one', '0 a/one']);
  });

  test('looks again after the time that the work asks for, the newest of them', () => {
    const waits = [100, 50, undefined];
    const { clock, done, queue } = begin(() => waits.shift());
    queue.add('a', 'one');
    clock.advance(10);
    queue.add('a', 'one');
    clock.advance(1000);
    expect(done).toEqual(['0 a/one', '10 a/one', '60 a/one']);
    expect(clock.pending()).toBe(0);
  });

  test('takes a time that has passed for now', () => {
    const waits = [-5, undefined];
    const { clock, done, queue } = begin(() => waits.shift());
    queue.add('a', 'one');
    clock.advance(0);
    expect(done).toEqual(['0 a/one', '0 a/one']);
  });

  test('tries again what failed, each time after twice the wait, and tells of it', () => {
    const error = new Error('broken');
    let left = 5;
    const { clock, done, errors, queue } = begin(() => {
      left -= 1;
      if (left > 0) throw error;
      return undefined;
    });
    queue.add('a', 'one');
    clock.advance(10_000);
    expect(done).toEqual(['0 a/one', '5 a/one', '15 a/one', '35 a/one', '75 a/one']);
    expect(errors).toEqual(Array(4).fill(['test', error]));
  });

  test('begins with the short wait again after a success', () => {
    const fails = [true, true, false, true, false];
    const { clock, done, queue } = begin(() => {
      if (fails.shift()) throw new Error('broken');
      return undefined;
    });
    queue.add('a', 'one');
    clock.advance(100);
    queue.add('a', 'one');
    clock.advance(100);
    expect(done).toEqual(['0 a/one', '5 a/one', '15 a/one', '100 a/one', '105 a/one']);
  });

  test('waits at most so long between two tries', () => {
    const { clock, done, queue } = begin(() => {
      throw new Error('broken');
    });
    queue.add('a', 'one');
    clock.advance(20_000_000);
    const times = done.map((line) => Number(line.split(' ')[0]));
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...waits)).toBe(1_000_000);
  });

  test('does not hold up others for one that fails', () => {
    const { clock, done, queue } = begin((_, name) => {
      if (name === 'bad') throw new Error('broken');
      return undefined;
    });
    queue.add('a', 'bad');
    queue.add('a', 'good');
    clock.advance(0);
    expect(done).toEqual(['0 a/bad', '0 a/good']);
  });

  test('ends with its signal, with every timer', () => {
    const { clock, done, queue, abort } = begin(() => 1000);
    queue.add('a', 'one');
    clock.advance(0);
    queue.add('a', 'two');
    abort.abort();
    queue.add('a', 'three');
    expect(clock.pending()).toBe(0);
    clock.advance(5000);
    expect(done).toEqual(['0 a/one']);
  });

  test('does nothing more when the work itself ends it', () => {
    const { clock, done, queue, abort } = begin(() => {
      abort.abort();
      return 1000;
    });
    queue.add('a', 'one');
    queue.add('a', 'two');
    clock.advance(5000);
    expect(done).toEqual(['0 a/one']);
    expect(clock.pending()).toBe(0);
  });

  test('lets others have their turn when the work takes long', () => {
    const clock = createFakeClock(0);
    let now = 0;
    const done: string[] = [];
    const queue = createWorkQueue(
      { clock: { ...clock, now: () => now }, signal: new AbortController().signal, onError: () => {} },
      'test',
      (_, name) => {
        done.push(name);
        now += 10;
        return undefined;
      },
    );
    for (const name of ['one', 'two']) queue.add('a', name);
    clock.after(0, () => done.push('another'));
    clock.advance(0);
    expect(done).toEqual(['one', 'another', 'two']);
  });
});
