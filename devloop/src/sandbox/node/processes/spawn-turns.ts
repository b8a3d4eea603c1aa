import type { Clock } from '../../../model/clock.ts';

/** What others of this process get between two starts. Milliseconds. */
const restMs = 10;

/**
 * Hands out turns to start a program. A start stops this whole process until the new one has taken over its memory, so
 * that hundreds in a row would be felt as one long pause.
 * @returns what resolves when the caller may start its program
 */
export function createSpawnTurns(clock: Clock): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    const mine = last;
    last = mine.then(() => clock.sleep(restMs));
    return mine;
  };
}
