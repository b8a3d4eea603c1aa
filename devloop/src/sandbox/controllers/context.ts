import type { Clock } from '../../model/clock.ts';
import type { ObjectRules } from '../api/parts.ts';
import type { EventRecorder } from '../node/node-access.ts';
import type { Change } from '../store/change.ts';
import type { ObjectOf, ObjectStore } from '../store/object-store.ts';

/** What every controller works with. */
export interface ControllerContext {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly rules: Pick<ObjectRules, 'prepareCreate'>;
  readonly events: EventRecorder;
  /** Ends every controller. */
  readonly signal: AbortSignal;
  /**
   * Told of every error that ended a reconcile, before it is tried again. An ApiError is nothing out of the ordinary
   * (a create that was refused); anything else is a mistake of ours.
   */
  readonly onError: (controller: string, error: unknown) => void;
}

/** Hears the changes of a kind until the signal; the listener may only put work into a queue. */
export function follow<Name extends string>(
  { store, signal }: ControllerContext,
  kind: Name,
  listener: (change: Change<ObjectOf<Name>>) => void,
): void {
  const unsubscribe = store.subscribe(kind, listener);
  signal.addEventListener('abort', unsubscribe, { once: true });
}
