import { lowerBound } from './lower-bound.ts';

/** Rising numbers that grow at both ends, and fall out at the low one. Each step costs the same however many there are. */
export class TwoEndedList {
  /** Falling: what was put before the first. */
  readonly #low: number[] = [];
  readonly #high: number[] = [];
  /** How many of `#high` have fallen out. */
  #gone = 0;

  get length(): number {
    return this.#low.length + this.#high.length - this.#gone;
  }

  at(index: number): number {
    const low = this.#low.length;
    return (index < low ? this.#low[low - 1 - index] : this.#high[index - low + this.#gone]) ?? Number.NaN;
  }

  /** @param value above all others */
  push(value: number): void {
    this.#high.push(value);
  }

  /** @param value below all others */
  unshift(value: number): void {
    this.#low.push(value);
  }

  /** The index of the first number that is not below the value. */
  indexOf(value: number): number {
    return lowerBound(0, this.length, (index) => this.at(index) < value);
  }

  /** Takes away all from the value up, of those that were pushed. */
  cutFrom(value: number): void {
    const keep = this.indexOf(value) - this.#low.length;
    if (keep >= 0) this.#high.length = Math.min(this.#high.length, keep + this.#gone);
  }

  /** Takes away all below the value. */
  dropBelow(value: number): void {
    while ((this.#low.at(-1) ?? value) < value) this.#low.pop();
    if (this.#low.length > 0) return;
    while (this.#gone < this.#high.length && (this.#high[this.#gone] ?? value) < value) this.#gone += 1;
    // Freed in large pieces: each moves all that stay.
    if (this.#gone > 1000 && this.#gone > this.#high.length / 2) {
      this.#high.splice(0, this.#gone);
      this.#gone = 0;
    }
  }
}
