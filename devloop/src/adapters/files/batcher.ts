import type { ChangedFiles } from '../../engine/outside.ts';
import type { Clock } from '../../model/clock.ts';
import type { WatchSpec } from '../../model/project.ts';

/**
 * Collects changes into batches: one ends when nothing changed for `rest` milliseconds, at the latest `max`
 * milliseconds after its first change, so that a file that never rests still comes through.
 */
export function createBatcher(times: () => WatchSpec, clock: Clock, onBatch: (batch: ChangedFiles) => void) {
  let files = new Set<string>();
  let changedAt = 0;
  let cancel = () => {};

  function flush() {
    cancel();
    const batch = { files: [...files], changedAt };
    files = new Set();
    if (batch.files.length > 0) onBatch(batch);
  }

  return {
    add: (file: string) => {
      if (files.size === 0) changedAt = clock.now();
      files.add(file);
      cancel();
      const { rest, max } = times();
      const left = changedAt + max - clock.now();
      cancel = clock.after(Math.max(0, Math.min(rest, left)), flush);
    },
    isCollecting: () => files.size > 0,
    /** Ends the batch now. */
    flush,
  };
}
