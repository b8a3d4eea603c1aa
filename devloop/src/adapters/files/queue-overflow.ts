import { readFileSync } from 'node:fs';

/** Linux' own default of `fs.inotify.max_queued_events`. */
const usualLimit = 16_384;

/**
 * Notices that the system has dropped file events as too many waited. inotify(7) says so in an event of its own,
 * IN_Q_OVERFLOW, which Node.js does not pass on (libuv drops what belongs to no watch). But then a whole queue comes in
 * one go, and no full queue comes without: half a queue in one turn of the event loop is taken for it.
 * @param onOverflow at the end of the turn
 * @returns to be called with each event
 */
export function noticeOverflow(onOverflow: () => void, limit = queueLimit()): () => void {
  let events = 0;
  return () => {
    events += 1;
    if (events > 1) return;
    setImmediate(() => {
      const isFull = events >= limit / 2;
      events = 0;
      if (isFull) onOverflow();
    });
  };
}

/** How many events wait at the most. */
function queueLimit(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'latin1'));
  } catch {
    return usualLimit;
  }
}
