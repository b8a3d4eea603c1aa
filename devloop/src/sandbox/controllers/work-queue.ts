import type { ControllerContext } from './context.ts';

/** Objects of one controller that wait to be looked at. */
export interface WorkQueue {
  /** Looks at the object soon, and once, however often it was asked. The namespace is empty for kinds that have none. */
  readonly add: (namespace: string, name: string) => void;
}

/**
 * Makes an object what it should be. It reads everything from the store, so that it may be called at any time.
 * @returns milliseconds after which to look again when nothing changes before; undefined: not at all
 */
export type Reconcile = (namespace: string, name: string) => number | undefined;

/** As https://github.com/kubernetes/client-go/blob/v0.35.0/util/workqueue/default_rate_limiters.go: 5 ms, doubled each time. */
const firstRetry = 5;
const longestRetry = 1_000_000;
/** So long a queue works before it lets others of this process have their turn. */
const turn = 4;

/**
 * A queue that is worked off outside of the store's listeners: a change that comes in is looked at in the next turn of
 * the event loop, together with others of the same object. A reconcile that throws is repeated with back-off.
 */
export function createWorkQueue(
  { clock, signal, onError }: Pick<ControllerContext, 'clock' | 'signal' | 'onError'>,
  controller: string,
  reconcile: Reconcile,
): WorkQueue {
  const waiting = new Map<string, { namespace: string; name: string }>();
  const wakes = new Map<string, () => void>();
  const failures = new Map<string, number>();
  let cancelTurn: (() => void) | undefined;

  const wakeAfter = (key: string, ms: number, namespace: string, name: string) => {
    wakes.get(key)?.();
    const cancel = clock.after(ms, () => {
      wakes.delete(key);
      add(namespace, name);
    });
    wakes.set(key, cancel);
  };

  const work = (key: string, namespace: string, name: string) => {
    wakes.get(key)?.();
    wakes.delete(key);
    try {
      const again = reconcile(namespace, name);
      failures.delete(key);
      if (again !== undefined) wakeAfter(key, Math.max(0, again), namespace, name);
    } catch (error) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      wakeAfter(key, Math.min(firstRetry * 2 ** count, longestRetry), namespace, name);
      onError(controller, error);
    }
  };

  const takeTurn = () => {
    cancelTurn = undefined;
    const started = clock.now();
    for (const [key, { namespace, name }] of waiting) {
      if (signal.aborted) return;
      waiting.delete(key);
      work(key, namespace, name);
      if (clock.now() - started >= turn) break;
    }
    if (waiting.size > 0) cancelTurn ??= clock.after(0, takeTurn);
  };

  function add(namespace: string, name: string): void {
    if (signal.aborted) return;
    // One that waits already keeps its place.
    waiting.set(`${namespace}/${name}`, { namespace, name });
    cancelTurn ??= clock.after(0, takeTurn);
  }

  signal.addEventListener(
    'abort',
    () => {
      cancelTurn?.();
      for (const cancel of wakes.values()) cancel();
      wakes.clear();
      waiting.clear();
    },
    { once: true },
  );
  return { add };
}
