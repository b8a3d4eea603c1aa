import type { Clock } from '../../model/clock.ts';
import type { EventRecorder } from '../node/node-access.ts';
import { type NewObject, type ObjectStore, timestamp } from '../store/object-store.ts';
import type { KubeEvent } from '../store/objects.ts';

/**
 * Writes Events into the store. The same event about the same object counts up, as
 * https://github.com/kubernetes/client-go/blob/v0.35.0/tools/record/events_cache.go does; similar ones are not combined.
 * Events in a namespace that is being deleted are dropped, as the API refuses them.
 */
export function createEventRecorder(store: ObjectStore, clock: Pick<Clock, 'now'>): EventRecorder {
  const names = new Map<string, string>();
  const newName = eventNames(store, clock);
  store.subscribe('Event', ({ type, object }) => {
    if (type === 'DELETED') names.delete(keyOf(object));
  });

  return {
    record: ({ apiVersion, kind, metadata }, type, reason, message, source, fieldPath) => {
      const namespace = metadata.namespace || 'default';
      if (store.get('Namespace', '', namespace)?.metadata.deletionTimestamp) return;
      const now = timestamp(clock.now());
      const event: NewObject<KubeEvent> = {
        metadata: { name: newName(namespace, metadata.name), namespace },
        involvedObject: {
          apiVersion,
          kind,
          ...(metadata.namespace && { namespace: metadata.namespace }),
          name: metadata.name,
          uid: metadata.uid,
          resourceVersion: metadata.resourceVersion,
          ...(fieldPath && { fieldPath }),
        },
        type,
        reason,
        message,
        source: { component: source, ...(source === 'kubelet' && { host: 'sandbox' }) },
        count: 1,
        firstTimestamp: now,
        lastTimestamp: now,
        eventTime: null,
        reportingComponent: '',
        reportingInstance: '',
      };
      const key = keyOf(event);
      const known = names.get(key);
      const again =
        known &&
        store.updateIfThere('Event', namespace, known, (copy) => {
          copy.count += 1;
          copy.lastTimestamp = now;
        });
      if (!again) names.set(key, store.create('Event', event).metadata.name);
    },
  };
}

/**
 * Names events `<object>.<hex nanoseconds>`, as client-go does: lists are sorted by name, so that they show the events of an
 * object in the order in which they happened. The clock knows milliseconds only: the digits behind them count up.
 */
function eventNames(store: ObjectStore, { now }: Pick<Clock, 'now'>) {
  let last = 0n;
  return (namespace: string, object: string): string => {
    let name: string;
    do {
      const time = BigInt(Math.floor(now())) * 1_000_000n;
      last = time > last ? time : last + 1n;
      name = `${object}.${last.toString(16)}`;
      // Only a clock that was set back meets one of an earlier sandbox.
    } while (store.get('Event', namespace, name));
    return name;
  };
}

const keyOf = ({
  involvedObject: about,
  type,
  reason,
  message,
  source,
}: Omit<KubeEvent, 'metadata' | 'apiVersion' | 'kind'>) =>
  JSON.stringify([about.kind, about.namespace, about.name, about.uid, about.fieldPath, type, reason, message, source]);
