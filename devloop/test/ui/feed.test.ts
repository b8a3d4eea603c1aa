import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogStore } from '../../src/state/log-store.ts';
import { createStore } from '../../src/state/store.ts';
import { createFeed, type Feed } from '../../src/ui/feed.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { logged, startTime } from '../support/sample.ts';

const clock = createFakeClock(startTime);
let feed: Feed;
let write: (lines: number) => void;
let flushes: number;

beforeEach(() => {
  const store = createStore(clock.now);
  const logs = createLogStore();
  feed = createFeed(store, logs, clock);
  clock.advance(100);
  flushes = 0;
  feed.subscribe(() => {
    flushes += 1;
  });
  write = (lines) => {
    for (let line = 0; line < lines; line += 1) {
      const event = logged('backend', `line ${line}`);
      if (event.type === 'log') logs.append(event.line);
      store.dispatch(event);
    }
  };
});
afterEach(() => feed.close());

/** How many flushes there were in so many milliseconds, with lines written every 10 of them. */
function flushesIn(ms: number, linesEach: number): number {
  const before = flushes;
  for (let passed = 0; passed < ms; passed += 10) {
    write(linesEach);
    clock.advance(10);
  }
  return flushes - before;
}

describe('the feed', () => {
  it('is renewed every 100 ms while events come, and has no timer while none do', () => {
    expect(flushesIn(1000, 1)).toBe(10);
    clock.advance(100);
    expect(clock.pending()).toBe(0);
  });

  it('is renewed every 300 ms in a flood of log lines, and as before after it', () => {
    flushesIn(300, 200);
    expect(flushesIn(3000, 200)).toBe(10);
    flushesIn(400, 1);
    expect(flushesIn(1000, 1)).toBe(10);
  });
});
