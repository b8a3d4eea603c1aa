import type { Socket } from 'node:net';
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

/** Resolves when there is a pod that connections can go to, the client has gone, or its time is over. */
export function awaitTarget(store: Store, service: string, client: Socket, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      unsubscribe();
      over.removeEventListener('abort', end);
      client.off('close', end);
      resolve();
    };
    const unsubscribe = store.subscribe((event) => {
      if (mayChangeTarget(event, service) && targetPod(store.getState(), service)) end();
    });
    over.addEventListener('abort', end);
    client.on('close', end);
  });
}
