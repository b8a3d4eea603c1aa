import type { Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';
import type { StampedEvent } from '../model/events.ts';
import { targetPod } from '../state/service-pods.ts';
import type { Store } from '../state/store.ts';

const changesTarget: ReadonlySet<string> = new Set([
  'pod.changed',
  'pod.removed',
  'probe.result',
  'deploy.succeeded',
  'pod.update',
]);

/** Whether an event may change the pod that a service's forwards lead to. */
export function mayChangeTarget(event: StampedEvent, service: string): boolean {
  if (!changesTarget.has(event.type)) return false;
  if (event.type === 'pod.changed') return event.pod.service === service;
  if (event.type === 'pod.removed' || event.type === 'pod.update') return event.service === service;
  // Those of a release may be about each of its services.
  return event.type !== 'probe.result' || event.result.service === service;
}

/**
 * Resolves when there is a pod that connections can go to, the client has gone, or the time is over.
 * @param timeout milliseconds
 */
export function awaitTarget(
  store: Store,
  clock: Clock,
  service: string,
  client: Socket,
  timeout: number,
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      unsubscribe();
      cancel();
      client.off('close', end);
      resolve();
    };
    const unsubscribe = store.subscribe((event) => {
      if (mayChangeTarget(event, service) && targetPod(store.getState(), service)) end();
    });
    const cancel = clock.after(timeout, end);
    client.on('close', end);
  });
}
