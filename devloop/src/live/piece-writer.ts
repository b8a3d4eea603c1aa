import type { Duplex } from 'node:stream';

/** Small parts go out together, in pieces of about so many bytes; large ones in pieces of that size. */
export const pieceSize = 64 * 1024;

/** Writes one request after the other to a stream, as fast as that takes them. */
export class PieceWriter {
  readonly #stream: Duplex;
  readonly #onTaken: () => void;
  /** Settles when nobody is half through a request. */
  #wire: Promise<unknown> = Promise.resolve();

  /** @param onTaken hears that the stream takes more after it did not */
  constructor(stream: Duplex, onTaken: () => void) {
    this.#stream = stream;
    this.#onTaken = onTaken;
  }

  /** Resolves when the stream takes more, or has ended. */
  write(parts: readonly Buffer[]): Promise<unknown> {
    const before = this.#wire;
    const stream = this.#stream;
    this.#wire = (async () => {
      await before;
      for (const piece of piecesOf(parts)) {
        if (stream.destroyed || !stream.writable) return;
        if (stream.write(piece)) continue;
        await takesMore(stream);
        this.#onTaken();
      }
    })();
    return this.#wire;
  }
}

/** Resolves when the stream is drained, or closed. */
function takesMore(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      stream.off('drain', go);
      stream.off('close', go);
      resolve();
    };
    stream.on('drain', go);
    stream.on('close', go);
  });
}

/** Small parts together, large ones in slices. */
function* piecesOf(parts: readonly Buffer[]): Generator<Buffer> {
  let small: Buffer[] = [];
  for (const part of parts) {
    if (part.length < pieceSize) {
      small.push(part);
      continue;
    }
    if (small.length > 0) yield Buffer.concat(small);
    small = [];
    for (let at = 0; at < part.length; at += pieceSize) yield part.subarray(at, at + pieceSize);
  }
  if (small.length > 0) yield Buffer.concat(small);
}
