/** Bytes that a line takes besides its text. */
const recordBytes = 16;
/** What the record of a line can say of the time since the chunk's first line, in milliseconds: 24 days. */
const longest = 2 ** 31 - 1;

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
  /** `seq` and `at` of the first line: records have what the others are beyond. */
  #seq = 0;
  #at = 0;
  readonly #text: Buffer;
  /** A record is `seq`, `at`, the distance to the line's group, and the end of its text. */
  readonly #records: Int32Array;

  /** @param size bytes, a multiple of 4 */
  constructor(size: number) {
    const block = new ArrayBuffer(size);
    this.size = size;
    this.#text = Buffer.from(block);
    this.#records = new Int32Array(block);
  }

  /** The size of a chunk that has room for this text at least. */
  static sizeFor(text: string): number {
    return Math.ceil((Buffer.byteLength(text) + recordBytes) / 4) * 4;
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
    if (this.count === 0) {
      this.#seq = seq;
      this.#at = at;
    }
    if (Math.abs(at - this.#at) > longest || seq - this.#seq > longest) return false;
    this.#used += this.#text.write(text, this.#used);
    this.#records.set([seq - this.#seq, at - this.#at, back, this.#used], this.#record(this.count));
    this.count += 1;
    return true;
  }

  seq(index: number): number {
    return this.#seq + (this.#records[this.#record(index)] ?? 0);
  }

  at(index: number): number {
    return this.#at + (this.#records[this.#record(index) + 1] ?? 0);
  }

  back(index: number): number {
    return this.#records[this.#record(index) + 2] ?? 0;
  }

  text(index: number): string {
    const end = this.#records[this.#record(index) + 3];
    const start = index === 0 ? 0 : this.#records[this.#record(index - 1) + 3];
    return this.#text.toString('utf8', start, end);
  }

  /** The texts of all lines, with nothing between them. */
  allText(): string {
    return this.#text.toString('utf8', 0, this.#used);
  }

  /** Where a record begins. */
  #record(index: number): number {
    return this.size / 4 - 4 * (index + 1);
  }
}
