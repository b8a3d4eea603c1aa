import type { Clock } from '../../../model/clock.ts';

/** What others of this process get between two containers that start. Milliseconds. */
const restMs = 10;

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
  return (ending) => {
    const mine = last;
    last = mine.then(() => clock.sleep(restMs, ending));
    return mine;
  };
}
