import * as fs from 'node:fs';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { noticeStop } from '../../src/adapters/files/notice-stop.ts';
import { noticeOverflow } from '../../src/adapters/files/queue-overflow.ts';
import type { Clock } from '../../src/model/clock.ts';
import { settle } from '../fakes/ticks.ts';
import { createWatchedFolder, type WatchedFolder } from '../fakes/watched-folder.ts';

jest.setTimeout(60_000);

describe('a stop of the process is noticed', () => {
  /** @param jumps how many milliseconds the clock goes on from each beat to the next */
  function stopsOf(jumps: readonly number[]): number {
    let now = 0;
    let stops = 0;
    let beat = () => {};
    const clock: Clock = {
      now: () => now,
      after: (_, callback) => {
        beat = callback;
        return () => {};
      },
      sleep: async () => {},
    };
    noticeStop(clock, () => (stops += 1), new AbortController().signal);
    for (const jump of jumps) {
      now += jump;
      beat();
    }
    return stops;
  }
  it.each<[string, number[], number]>([
    ['nothing stopped', [10_000, 10_001, 10_200], 0],
    ['a machine under load', [10_000, 14_000, 10_000], 0],
    ['a sleep of an hour', [10_000, 3_600_000, 10_000], 1],
    ['a clock that is set back', [10_000, -3_600_000, 10_000], 1],
    ['two sleeps', [60_000, 10_000, 20_000], 2],
  ])('%s', (_, jumps, stops) => {
    expect(stopsOf(jumps)).toBe(stops);
  });
});

describe('an overflow of the queue is noticed', () => {
  it.each<[number[], number]>([
    [[1, 2, 3], 0],
    [[49], 0],
    [[50], 1],
    [[100, 1, 100], 2],
    // As many, but not in one go.
    [[30, 30, 30], 0],
  ])('%j events in a turn each: %d times', async (turns, times) => {
    let overflows = 0;
    const heard = noticeOverflow(() => (overflows += 1), 100);
    for (const events of turns) {
      for (let event = 0; event < events; event += 1) heard();
      await settle(2);
    }
    expect(overflows).toBe(times);
  });
});

// Only there the queue is inotify's.
(process.platform === 'linux' ? describe : describe.skip)('while the process stands still', () => {
  let watched: WatchedFolder;
  afterEach(() => watched.stop());

  /** Nothing of this process runs meanwhile; the system drops what comes after. */
  function fillQueue(): void {
    const limit = Number(fs.readFileSync('/proc/sys/fs/inotify/max_queued_events', 'latin1'));
    // Of two equal events in a row one is left out: these alternate.
    const files = ['a', 'b'].map((name) => fs.openSync(watched.path(name), 'w'));
    for (let event = 0; event <= limit; event += 1) fs.writeSync(files[event % 2] ?? 0, 'x');
    for (const file of files) fs.closeSync(file);
  }

  it('what the system drops is found', async () => {
    watched = await createWatchedFolder((root) => {
      fs.mkdirSync(`${root}/far/away`, { recursive: true });
      for (const name of ['a', 'b', 'far/changed', 'far/gone', 'far/away/touched'])
        fs.writeFileSync(`${root}/${name}`, '');
    });
    fillQueue();
    watched.write('far/changed', '2');
    watched.write('far/away/new/file', '1');
    fs.utimesSync(watched.path('far/away/touched'), 1, 1);
    fs.rmSync(watched.path('far/gone'));
    const found = [...new Set((await watched.edits()).flat())].sort();
    expect(found).toEqual(['a', 'b', 'far/away/new/file', 'far/changed', 'far/gone']);
    // The new folder is watched, though its coming was not told of.
    watched.write('far/away/new/file', '2');
    expect(await watched.edits()).toEqual([['far/away/new/file']]);
  });
});
