import type { Clock } from '../../model/clock.ts';

/**
 * A clock whose callbacks that are due at once come one in each turn of the event loop, in the order in which they were
 * asked for: a dozen queues with work would else hold up everything else of this process at the same time.
 */
export function takeTurns(clock: Clock): Clock {
  const waiting = new Set<() => void>();
  let due = false;
  const next = () => {
    due = false;
    const [callback] = waiting;
    if (!callback) return;
    waiting.delete(callback);
    ask();
    callback();
  };
  const ask = () => {
    if (due || waiting.size === 0) return;
    due = true;
    clock.after(0, next);
  };
  return {
    ...clock,
    after: (ms, callback) => {
      if (ms > 0) return clock.after(ms, callback);
      const own = () => callback();
      waiting.add(own);
      ask();
      return () => waiting.delete(own);
    },
  };
}
