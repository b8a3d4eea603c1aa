import type { Clock } from '../../../model/clock.ts';

/** What others get between two containers that start; more when many wait, as these would take all of the machine. Milliseconds. */
const restMs = 10;
const longRestMs = 45;
const manyWaiting = 10;

/**
 * Waits until a container may be prepared and started.
 * @param ending aborts when it is not to start any more: it then takes none of the time of others
 */
export type StartTurn = (ending: AbortSignal) => Promise<void>;

/**
 * Containers are started one after the other: each takes some milliseconds to prepare, and its start stops this whole
 * process until the new one has left its memory. Hundreds in a row would be felt as one long pause.
 */
export function createStartTurns(clock: Clock): StartTurn {
  let last = Promise.resolve();
  /** One entry for each that waits, which ends with its turn. */
  const waiting = new Set<{ readonly ending: AbortSignal }>();
  return (ending) => {
    const mine = last;
    const entry = { ending };
    waiting.add(entry);
    last = mine.then(() => {
      waiting.delete(entry);
      const others = [...waiting].filter((other) => !other.ending.aborted);
      return clock.sleep(others.length > manyWaiting ? longRestMs : restMs, ending);
    });
    return mine;
  };
}
