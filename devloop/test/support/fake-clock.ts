import type { Clock } from '../../src/model/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Moves the time by `ms`, and runs what falls due on the way, in order. */
  readonly advance: (ms: number) => void;
  /** Timers that wait. */
  readonly pending: () => number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** @param start epoch milliseconds */
export function createFakeClock(start: number): FakeClock {
  const timers = new Set<Timer>();
  let time = start;

  const after = (ms: number, callback: () => void) => {
    const timer = { at: time + ms, callback };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };
  const nextDue = (until: number) => [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];

  return {
    now: () => time,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const cancel = after(ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          resolve();
        });
      }),
    advance: (ms) => {
      const until = time + ms;
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer);
        time = timer.at;
        timer.callback();
      }
      time = until;
    },
    pending: () => timers.size,
  };
}
