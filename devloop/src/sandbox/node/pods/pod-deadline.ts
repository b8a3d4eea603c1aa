import type { Clock } from '../../../model/clock.ts';

/** The longest that one timer of Node waits. Milliseconds. */
const longestTimer = 2_147_483_647;

/** The `activeDeadlineSeconds` of a pod. */
export class PodDeadline {
  readonly #clock: Clock;
  readonly #passed: () => void;
  #cancel = () => {};

  /** @param passed called once the time is over */
  constructor(clock: Clock, passed: () => void) {
    this.#clock = clock;
    this.#passed = passed;
  }

  /** @param since epoch milliseconds @param seconds after that; undefined: there is no deadline */
  set(since: number, seconds: number | undefined): void {
    this.clear();
    if (seconds === undefined) return;
    const left = Math.max(0, since + seconds * 1000 - this.#clock.now());
    this.#cancel = this.#clock.after(Math.min(left, longestTimer), () =>
      left > longestTimer ? this.set(since, seconds) : this.#passed(),
    );
  }

  clear(): void {
    this.#cancel();
  }
}
