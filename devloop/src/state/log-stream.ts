import { ContinuationTracker } from '../lib/logs/continuation.ts';
import type { LogLine } from '../model/log-line.ts';
import type { LogChunk } from './log-chunk.ts';

/** Where lines come from: what all lines of a stream have in common. */
export type LogOrigin = Omit<LogLine, 'at' | 'text'>;

/** A line in the store. */
export interface KeptLine extends LogLine {
  /** 1 for the first line that the store took, and one more for each that followed. */
  readonly seq: number;
  /** The `seq` of the line that this one belongs to, as a stack trace does to its error; its own when to none. */
  readonly group: number;
}

/**
 * The kept lines of one origin, oldest first. A line is found by its ordinal: how many lines came before it, those that
 * were dropped since included. Groups and, within them, `seq` only rise.
 */
export class LogStream {
  readonly origin: LogOrigin;
  readonly #chunks: LogChunk[] = [];
  readonly #continuation = new ContinuationTracker();
  #first = 0;
  #end = 0;
  #group = 0;
  /** Where the last line was found: the next is mostly beside it. */
  #recent: LogChunk | undefined;

  constructor(origin: LogOrigin) {
    this.origin = origin;
  }

  /** The ordinal of the oldest kept line. */
  get first(): number {
    return this.#first;
  }

  /** The ordinal that the next line will have. */
  get end(): number {
    return this.#end;
  }

  /** The `seq` of the oldest kept line; infinite when there is none. */
  get oldest(): number {
    return this.#chunks[0]?.seq(0) ?? Number.POSITIVE_INFINITY;
  }

  /** @param text harmless @param grow a chunk for lines that do not fit into the last one */
  append(seq: number, at: number, text: string, grow: (text: string, last: LogChunk | undefined) => LogChunk): void {
    if (!this.#continuation.continues(text, at) || this.#first === this.#end) this.#group = seq;
    const back = seq - this.#group;
    const last = this.#chunks.at(-1);
    if (!last?.add(seq, at, back, text)) {
      const chunk = grow(text, last).restart(this.#end);
      chunk.add(seq, at, back, text);
      this.#chunks.push(chunk);
    }
    this.#end += 1;
  }

  /** Takes the oldest lines away, a chunk of them. */
  dropChunk(): LogChunk | undefined {
    const chunk = this.#chunks.shift();
    if (chunk) this.#first = chunk.first + chunk.count;
    this.#recent = undefined;
    return chunk;
  }

  seqAt(ordinal: number): number {
    const chunk = this.#chunkOf(ordinal);
    return chunk.seq(ordinal - chunk.first);
  }

  groupAt(ordinal: number): number {
    const chunk = this.#chunkOf(ordinal);
    return chunk.seq(ordinal - chunk.first) - chunk.back(ordinal - chunk.first);
  }

  /** Epoch milliseconds. */
  timeAt(ordinal: number): number {
    const chunk = this.#chunkOf(ordinal);
    return chunk.at(ordinal - chunk.first);
  }

  textAt(ordinal: number): string {
    const chunk = this.#chunkOf(ordinal);
    return chunk.text(ordinal - chunk.first);
  }

  /** The lines that are kept in one block with this one. */
  blockAt(ordinal: number): Pick<LogChunk, 'first' | 'allText'> {
    return this.#chunkOf(ordinal);
  }

  /** Whether the line belongs to the one before it. */
  continuesAt(ordinal: number): boolean {
    const chunk = this.#chunkOf(ordinal);
    return chunk.back(ordinal - chunk.first) > 0;
  }

  lineAt(ordinal: number): KeptLine {
    const chunk = this.#chunkOf(ordinal);
    const index = ordinal - chunk.first;
    const seq = chunk.seq(index);
    return { ...this.origin, seq, group: seq - chunk.back(index), at: chunk.at(index), text: chunk.text(index) };
  }

  /** The chunk with the line; throws when it is not kept. */
  #chunkOf(ordinal: number): LogChunk {
    const recent = this.#recent;
    if (recent && ordinal >= recent.first && ordinal < recent.first + recent.count) return recent;
    let [low, high] = [0, this.#chunks.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#chunks[middle]?.first ?? 0) <= ordinal) low = middle;
      else high = middle;
    }
    const chunk = this.#chunks[low];
    if (!chunk || ordinal < chunk.first || ordinal >= this.#end)
      throw new RangeError(`log line ${ordinal} is not kept`);
    this.#recent = chunk;
    return chunk;
  }
}
