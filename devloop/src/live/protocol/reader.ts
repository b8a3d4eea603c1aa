import type { Readable } from 'node:stream';
import { decodeLine, endOfLine } from '../../lib/shell-words.ts';

/** Reads lines and counted bytes from a stream, one after the other: one call at a time. */
export class ProtocolReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  /** The words of the next line that is not empty; undefined when the stream has ended. @throws Error when it is broken, or the stream */
  async line(): Promise<string[] | undefined> {
    for (;;) {
      const end = endOfLine(this.#rest);
      if (end === 0) this.#rest = this.#rest.subarray(1);
      else if (end > 0) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return decodeLine(line);
      } else {
        const chunk = await this.#next();
        if (!chunk) return undefined;
        this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      }
    }
  }

  /**
   * Hands over the next `size` bytes as they come.
   * @throws Error when the stream ends before
   */
  async bytes(size: number, onChunk: (chunk: Buffer) => void): Promise<void> {
    let missing = size;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const chunk = await this.#next();
        if (!chunk) throw new Error(`the stream ended ${missing} bytes early`);
        this.#rest = chunk;
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      if (part.length > 0) onChunk(part);
    }
  }

  async #next(): Promise<Buffer | undefined> {
    const { value, done } = await this.#chunks.next();
    return done ? undefined : value;
  }
}
