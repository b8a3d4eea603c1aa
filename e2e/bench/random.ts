/** Numbers that a seed decides: the same seed gives the same run. https://en.wikipedia.org/wiki/Linear_congruential_generator */
export class Random {
  #state: bigint;

  constructor(seed: number) {
    this.#state = BigInt(seed);
  }

  /** A whole number from 0 up to, and without, a limit of at most 2^31. */
  below(limit: number): number {
    this.#state = BigInt.asUintN(64, this.#state * 6364136223846793005n + 1442695040888963407n);
    // The low bits repeat soon.
    return Number(this.#state >> 33n) % limit;
  }

  /** One of a list; undefined of none. */
  pick<Value>(list: readonly Value[]): Value | undefined {
    return list[this.below(list.length || 1)];
  }
}
