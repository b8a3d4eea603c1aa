import type { Clock } from '../model/clock.ts';
import type { LogStore } from '../state/log-store.ts';
import type { LoopState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { nextWake } from './next-wake.ts';

/** What the screens draw from: the loop as of the last flush. */
export interface Snapshot {
  readonly state: LoopState;
  /** `seq` of the newest log line. */
  readonly logVersion: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The loop's state for React, in batches. */
export interface Feed {
  readonly get: () => Snapshot;
  readonly subscribe: (listener: () => void) => () => void;
  /** Stops listening to the store and ends its timers. */
  readonly close: () => void;
}

/** Milliseconds between flushes; and between those that bring more log lines than anybody reads. */
const flushEvery = 100;
const floodFlushEvery = 300;
const floodLines = 500;

/**
 * Events come by the thousand; people read a few screens a second. So an event only marks the snapshot as old, and a
 * flush at most every 100 ms renews it, 300 ms in a flood of log lines. With no events and nothing whose age shows, no
 * timer runs.
 */
export function createFeed(store: Store, logs: LogStore, clock: Clock): Feed {
  const listeners = new Set<() => void>();
  let snapshot: Snapshot = { state: store.getState(), logVersion: logs.version(), now: clock.now() };
  let pause = flushEvery;
  let cancelFlush: (() => void) | undefined;
  let cancelWake: (() => void) | undefined;

  const flush = () => {
    cancelFlush = undefined;
    cancelWake?.();
    const { logVersion } = snapshot;
    snapshot = { state: store.getState(), logVersion: logs.version(), now: clock.now() };
    pause = snapshot.logVersion - logVersion > floodLines ? floodFlushEvery : flushEvery;
    const wake = nextWake(snapshot);
    cancelWake = wake === undefined ? undefined : clock.after(wake, flush);
    for (const listener of listeners) listener();
  };
  const unsubscribe = store.subscribe(() => {
    cancelFlush ??= clock.after(pause, flush);
  });
  // What was there before this feed may have an age that shows.
  cancelFlush = clock.after(flushEvery, flush);

  return {
    get: () => snapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      unsubscribe();
      cancelFlush?.();
      cancelWake?.();
    },
  };
}
