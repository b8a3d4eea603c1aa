import { describe, expect, it } from '@jest/globals';
import { createBatcher } from '../../src/adapters/files/batcher.ts';
import type { ChangedFiles } from '../../src/engine/outside.ts';
import { createFakeClock } from '../support/fake-clock.ts';

function setUp(rest = 30, max = 500) {
  const clock = createFakeClock(1000);
  const batches: ChangedFiles[] = [];
  const times = { rest, max };
  return {
    clock,
    batches,
    times,
    batcher: createBatcher(
      () => times,
      clock,
      (batch) => batches.push(batch),
    ),
  };
}

describe('a batch', () => {
  it('ends when nothing has changed for a while', () => {
    const { clock, batches, batcher } = setUp();
    batcher.add('/a');
    clock.advance(29);
    batcher.add('/b');
    clock.advance(29);
    expect(batches).toEqual([]);
    clock.advance(1);
    expect(batches).toEqual([{ files: ['/a', '/b'], changedAt: 1000 }]);
    expect(clock.pending()).toBe(0);
  });

  it('has each file once', () => {
    const { clock, batches, batcher } = setUp();
    for (const file of ['/a', '/b', '/a']) batcher.add(file);
    clock.advance(30);
    expect(batches[0]?.files).toEqual(['/a', '/b']);
  });

  it('ends at the latest so long after its first change', () => {
    const { clock, batches, batcher } = setUp(30, 100);
    for (let time = 0; time < 100; time += 20) {
      batcher.add(`/${time}`);
      clock.advance(20);
    }
    expect(batches).toEqual([{ files: ['/0', '/20', '/40', '/60', '/80'], changedAt: 1000 }]);
  });

  it('of a file that never rests comes again and again', () => {
    const { clock, batches, batcher } = setUp(30, 100);
    for (let time = 0; time < 310; time += 10) {
      batcher.add('/log');
      clock.advance(10);
    }
    expect(batches.map(({ changedAt }) => changedAt)).toEqual([1000, 1100, 1200]);
  });

  it('takes 5,000 files of a checkout as one', () => {
    const { clock, batches, batcher } = setUp();
    for (let index = 0; index < 5000; index += 1) {
      batcher.add(`/${index}`);
      if (index % 50 === 0) clock.advance(1);
    }
    clock.advance(30);
    expect(batches.map(({ files }) => files.length)).toEqual([5000]);
  });

  it('begins anew after the last', () => {
    const { clock, batches, batcher } = setUp();
    batcher.add('/a');
    clock.advance(30);
    clock.advance(1000);
    batcher.add('/b');
    clock.advance(30);
    expect(batches[1]).toEqual({ files: ['/b'], changedAt: 2030 });
  });

  it('goes by the times of the moment', () => {
    const { clock, batches, times, batcher } = setUp();
    times.rest = 200;
    batcher.add('/a');
    clock.advance(199);
    expect(batches).toEqual([]);
    clock.advance(1);
    expect(batches).toHaveLength(1);
  });

  it('can be ended before its time', () => {
    const { clock, batches, batcher } = setUp();
    batcher.flush();
    batcher.add('/a');
    expect(batcher.isCollecting()).toBe(true);
    batcher.flush();
    expect([batches.length, batcher.isCollecting(), clock.pending()]).toEqual([1, false, 0]);
  });
});
