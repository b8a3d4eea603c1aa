import type { Clock } from '../model/clock.ts';
import type { ProjectSpec } from '../model/project.ts';
import type { Store } from '../state/store.ts';
import type { ChangedFiles, Files } from './outside.ts';

/** Between the watcher and the edits: keeps what is not wanted yet. */
export interface EditGate {
  /** A batch of the watcher: it goes on, or waits while the loop is paused. */
  readonly take: (batch: ChangedFiles) => void;
  /** What a batch that went on changed of services that are not active, for when they are again. */
  readonly keepForAsleep: (project: ProjectSpec, batch: ChangedFiles) => void;
  /** Takes out what was kept for a service; undefined when that is nothing. */
  readonly wake: (service: string) => ChangedFiles | undefined;
  readonly close: () => void;
}

/** @param onward gets each batch that goes on */
export function createEditGate(
  clock: Clock,
  store: Store,
  files: Pick<Files, 'imageFiles'>,
  onward: (batch: ChangedFiles) => void,
): EditGate {
  const waiting = new Set<string>();
  const asleep = new Map<string, Set<string>>();

  const unsubscribe = store.subscribe((event) => {
    if (event.type !== 'watch.resumed' || waiting.size === 0) return;
    const batch = { files: [...waiting], changedAt: clock.now() };
    waiting.clear();
    onward(batch);
  });

  return {
    take: (batch) => {
      if (!store.getState().paused) {
        onward(batch);
        return;
      }
      for (const file of batch.files) waiting.add(file);
      store.dispatch({ type: 'watch.paused', files: waiting.size });
    },
    keepForAsleep: (project, batch) => {
      for (const { name, image, active } of project.services) {
        if (active || !image) continue;
        const own = batch.files.filter(files.imageFiles(image));
        if (own.length > 0) asleep.set(name, new Set([...(asleep.get(name) ?? []), ...own]));
      }
    },
    // The time that they waited is not the loop's: an edit's way begins when it is let through.
    wake: (service) => {
      const kept = asleep.get(service);
      asleep.delete(service);
      return kept && { files: [...kept], changedAt: clock.now() };
    },
    close: unsubscribe,
  };
}
