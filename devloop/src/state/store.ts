import { HiddenValues } from '../lib/hidden-values.ts';
import type { LoopEvent, StampedEvent } from '../model/events.ts';
import { maskEvent } from './mask-event.ts';
import { reduce } from './reducer.ts';
import { initialState, type LoopState } from './state.ts';

export type Dispatch = (event: LoopEvent) => void;

/**
 * The one place that holds state. Listeners hear each event after it has been reduced. One that throws keeps no other
 * from hearing it; the dispatch throws its error when all have heard all.
 */
export interface Store {
  readonly dispatch: Dispatch;
  readonly getState: () => LoopState;
  /** Called after each event; returns what ends the subscription. */
  readonly subscribe: (listener: (event: StampedEvent) => void) => () => void;
  /**
   * Secret values, from now on masked in the words of every event: what listeners hear and the state keeps has none.
   * @param source where they come from; they take the place of those that came from there before
   */
  readonly hide: (source: string, values: readonly string[]) => void;
  /** A text that is shown beside the events, masked as they are. */
  readonly mask: (text: string) => string;
}

/** @param now the clock, epoch milliseconds */
export function createStore(now: () => number): Store {
  const listeners = new Set<(event: StampedEvent) => void>();
  const queue: StampedEvent[] = [];
  const hidden = new HiddenValues();
  let state = initialState;
  let seq = 0;
  let draining = false;
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hide: (source, values) => hidden.hide(source, values),
    mask: (text) => hidden.mask(text),
    // A listener may dispatch: its event waits until every listener has heard this one, so all see one order.
    dispatch: (event) => {
      seq += 1;
      queue.push({ ...maskEvent(event, hidden), seq, at: now() });
      if (draining) return;
      draining = true;
      const errors: unknown[] = [];
      for (let next = queue.shift(); next; next = queue.shift()) {
        try {
          state = reduce(state, next);
        } catch (error) {
          errors.push(error);
          continue;
        }
        for (const listener of listeners) {
          try {
            listener(next);
          } catch (error) {
            errors.push(error);
          }
        }
      }
      draining = false;
      if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
    },
  };
}
