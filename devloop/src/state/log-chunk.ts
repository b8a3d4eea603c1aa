/** Bytes that a line takes besides its text. */
const recordBytes = 24;

/**
 * Some log lines that follow each other, as bytes in one block: the texts grow from its start, a record for each line
 * from its end. As objects, the lines would be several times as large and keep the garbage collector busy.
 */
export class LogChunk {
  /** Bytes of the block. */
  readonly size: number;
  /** The ordinal of the first line. */
  first = 0;
  count = 0;
  #used = 0;
  readonly #text: Buffer;
  // A record is `seq` and `at` as doubles, then the text's end and the distance to its group as 32-bit integers.
  readonly #doubles: Float64Array;
  readonly #integers: Uint32Array;

  /** @param size bytes, a multiple of 8 */
  constructor(size: number) {
    const block = new ArrayBuffer(size);
    this.size = size;
    this.#text = Buffer.from(block);
    this.#doubles = new Float64Array(block);
    this.#integers = new Uint32Array(block);
  }

  /** The size of a chunk that has room for this text at least. */
  static sizeFor(text: string): number {
    return Math.ceil((Buffer.byteLength(text) + recordBytes) / 8) * 8;
  }

  /** Makes it an empty chunk for the lines from the ordinal `first` on. */
  restart(first: number): this {
    this.first = first;
    this.count = 0;
    this.#used = 0;
    return this;
  }

  /** False, and nothing is added, when there is no room. @param back how far the `seq` is from that of the group */
  add(seq: number, at: number, back: number, text: string): boolean {
    const room = this.size - this.#used - recordBytes * (this.count + 1);
    // No text takes more than three bytes for each of its units.
    if (text.length * 3 > room && Buffer.byteLength(text) > room) return false;
    this.#used += this.#text.write(text, this.#used);
    const double = this.#record(this.count);
    this.#doubles[double] = seq;
    this.#doubles[double + 1] = at;
    this.#integers[2 * double + 4] = this.#used;
    this.#integers[2 * double + 5] = back;
    this.count += 1;
    return true;
  }

  seq(index: number): number {
    return this.#doubles[this.#record(index)] ?? 0;
  }

  at(index: number): number {
    return this.#doubles[this.#record(index) + 1] ?? 0;
  }

  back(index: number): number {
    return this.#integers[2 * this.#record(index) + 5] ?? 0;
  }

  text(index: number): string {
    const end = this.#integers[2 * this.#record(index) + 4];
    const start = index === 0 ? 0 : this.#integers[2 * this.#record(index - 1) + 4];
    return this.#text.toString('utf8', start, end);
  }

  /** The texts of all lines, with nothing between them. */
  allText(): string {
    return this.#text.toString('utf8', 0, this.#used);
  }

  /** The index of a record among the doubles. */
  #record(index: number): number {
    return this.size / 8 - 3 * (index + 1);
  }
}
