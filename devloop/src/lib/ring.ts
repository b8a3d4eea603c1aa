/** A first-in-first-out list that keeps only its newest `capacity` items; older ones fall out. */
export class Ring<T> {
  readonly capacity: number;
  #items: T[] = [];
  #start = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#start] = item;
    this.#start = (this.#start + 1) % this.capacity;
  }

  /** The items from `from` (0 is the oldest kept) up to but not including `to`. */
  slice(from = 0, to = this.length): T[] {
    const begin = Math.max(0, from);
    const end = Math.min(this.length, to);
    const out: T[] = [];
    for (let index = begin; index < end; index += 1) {
      out.push(this.#items[(this.#start + index) % this.#items.length] as T);
    }
    return out;
  }

  clear(): void {
    this.#items = [];
    this.#start = 0;
  }
}
