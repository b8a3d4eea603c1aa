import { Pulse } from '../lib/pulse.ts';
import type { Clock } from '../model/clock.ts';

/** One forwarded connection to a pod. */
export interface TrafficEntry {
  /** The client has sent something that the pod has not answered yet. */
  readonly asked: () => void;
  readonly answered: () => void;
  readonly ended: () => void;
}

/** Which pods owe answers on forwarded connections, so that none is restarted in the middle of a request. */
export class PodTraffic {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<object>>();
  readonly #changed = new Pulse();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(uid: string): TrafficEntry {
    const entry = {};
    const waiting = this.#waiting.get(uid) ?? new Set<object>();
    this.#waiting.set(uid, waiting);
    const idle = () => {
      if (waiting.delete(entry) && waiting.size === 0) this.#changed.beat();
    };
    return { asked: () => waiting.add(entry), answered: idle, ended: idle };
  }

  /** Resolves when the pod owes no answer, or after some milliseconds all the same. */
  async quiet(uid: string, timeout: number): Promise<void> {
    let isOver = false;
    const cancel = this.#clock.after(timeout, () => {
      isOver = true;
      this.#changed.beat();
    });
    while (!isOver && (this.#waiting.get(uid)?.size ?? 0) > 0) await this.#changed.next();
    cancel();
  }

  forget(uid: string): void {
    this.#waiting.delete(uid);
  }
}
