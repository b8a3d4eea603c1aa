import type { LoopEvent, StampedEvent } from '../../src/model/events.ts';
import { createStore, type Store } from '../../src/state/store.ts';

export interface RecordedStore extends Store {
  readonly events: readonly StampedEvent[];
  readonly of: <T extends LoopEvent['type']>(type: T) => Extract<StampedEvent, { type: T }>[];
  /** The types of all events, in order. */
  readonly types: () => string[];
}

/** A store that remembers what it was told. */
export function createRecordedStore(now: () => number = () => 0): RecordedStore {
  const store = createStore(now);
  const events: StampedEvent[] = [];
  store.subscribe((event) => events.push(event));
  return {
    ...store,
    events,
    of: <T extends LoopEvent['type']>(type: T) =>
      events.filter((event): event is Extract<StampedEvent, { type: T }> => event.type === type),
    types: () => events.map(({ type }) => type),
  };
}
