import type { Clock } from '../../model/clock.ts';

/** Milliseconds. */
const beat = 10_000;
/** A beat that comes so much too late, or a clock that is so far off, is no load of the machine. */
const tolerance = 5000;

/** Notices that this process stood still: the machine slept, it was stopped, or its clock was set. */
export function noticeStop(clock: Clock, onStop: () => void, signal: AbortSignal): void {
  let last = clock.now();
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(beat, () => {
      const now = clock.now();
      const wasStopped = Math.abs(now - last - beat) > tolerance;
      last = now;
      next();
      if (wasStopped) onStop();
    });
  };
  if (signal.aborted) return;
  next();
  signal.addEventListener('abort', () => cancel());
}
