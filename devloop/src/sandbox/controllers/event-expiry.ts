import type { ControllerContext } from './context.ts';
import { createWorkQueue } from './work-queue.ts';

/** Kubernetes' default `--event-ttl`. */
const timeToLive = 3_600_000;
const sweepInterval = 60_000;

/** Removes events that have not happened again for an hour. */
export function startEventExpiry(context: ControllerContext): void {
  const { store, clock } = context;
  const queue = createWorkQueue(context, 'event-expiry', () => {
    const oldest = clock.now() - timeToLive;
    for (const { metadata, lastTimestamp } of store.list('Event')) {
      const last = Date.parse(lastTimestamp ?? metadata.creationTimestamp);
      if (last <= oldest) store.remove('Event', metadata.namespace ?? '', metadata.name);
    }
    return sweepInterval;
  });
  queue.add('', 'events');
}
