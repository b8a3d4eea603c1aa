import type { Clock } from '../model/clock.ts';
import type { Store } from '../state/store.ts';

/** So long a service has to stay ready to count as recovered: one that keeps crashing is ready for a moment each time. */
const steadyMs = 5000;

/** What a notification says. */
export interface Change {
  readonly title: string;
  readonly body: string;
}

/**
 * Tells, once each, of services that turn bad and that recover. What the first start brings is not told: a service has to
 * have been ready.
 */
export function tellChanges(store: Store, clock: Clock, tell: (change: Change) => void, signal: AbortSignal): void {
  const told = new Map<string, 'ready' | 'failed'>();
  const recovering = new Map<string, () => void>();

  const unsubscribe = store.subscribe((event) => {
    if (event.type !== 'service.health') return;
    const { service, status, cause, edit } = event;
    const before = told.get(service);
    if (status === 'failed') {
      recovering.get(service)?.();
      recovering.delete(service);
      if (before !== 'ready') return;
      told.set(service, 'failed');
      tell({ title: `${service} has failed`, body: cause });
    } else if (before === undefined) told.set(service, 'ready');
    else if (before === 'failed' && !recovering.has(service)) {
      const cancel = clock.after(steadyMs, () => {
        recovering.delete(service);
        told.set(service, 'ready');
        tell({ title: `${service} is ready again`, body: edit > 0 ? `edit ${edit} is live` : 'it answers' });
      });
      recovering.set(service, cancel);
    }
  });
  signal.addEventListener(
    'abort',
    () => {
      unsubscribe();
      for (const cancel of recovering.values()) cancel();
    },
    { once: true },
  );
}
