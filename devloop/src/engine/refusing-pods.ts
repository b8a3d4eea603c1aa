import type { Clock } from '../model/clock.ts';

/** Milliseconds until a pod that refused is tried again, doubled with each refusal in a row. */
const firstRetryMs = 50;
const longestRetryMs = 400;

interface Refusal {
  retryMs: number;
  /** Resolves when the pod may be tried again; set while one client tries it or rests before the next try. */
  busy?: Promise<void> | undefined;
}

/**
 * Pods of a forward that have refused connections. Each try costs the node a process, so only one client at a time
 * tries such a pod again; the others wait for how it fares.
 */
export class RefusingPods {
  readonly #refusals = new Map<string, Refusal>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has it refused so often in a row that it is not only just starting? */
  isRefusing(uid: string): boolean {
    return (this.#refusals.get(uid)?.retryMs ?? 0) >= longestRetryMs;
  }

  /** What to wait for before trying the pod; undefined when it is this client's turn. */
  turn(uid: string): Promise<void> | undefined {
    return this.#refusals.get(uid)?.busy;
  }

  /**
   * Lets a client try the pod, and rests after a refusal.
   * @param attempt resolves to true when the pod refused, at its end otherwise; calls `accepted` as soon as that is known
   */
  async try(uid: string, attempt: (accepted: () => void) => Promise<boolean>): Promise<boolean> {
    const refusal = this.#refusals.get(uid);
    let free = () => {};
    if (refusal) {
      refusal.busy = new Promise((resolve) => {
        free = () => {
          refusal.busy = undefined;
          resolve();
        };
      });
    }
    const accepted = () => {
      this.#refusals.delete(uid);
      free();
    };
    const refused = await attempt(accepted);
    if (!refused) {
      accepted();
      return false;
    }
    const known = refusal ?? { retryMs: firstRetryMs };
    this.#refusals.set(uid, known);
    await this.#clock.sleep(known.retryMs);
    known.retryMs = Math.min(known.retryMs * 2, longestRetryMs);
    free();
    return true;
  }
}
