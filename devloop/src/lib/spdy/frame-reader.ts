import { decodeControl, type Frame, frameHeaderLength, hasFin, isControl, lengthIn, streamIdAt } from './frames.ts';

/** Control frames here are a few hundred bytes; a longer one is not SPDY. */
const maxControlLength = 64 * 1024;

/**
 * Cuts the bytes of a connection into frames, wherever the network has cut them. What a DATA frame holds is handed on
 * as it comes, without a copy, so that nothing waits for the rest of a long one.
 */
export class FrameReader {
  readonly #header = Buffer.alloc(frameHeaderLength);
  #headerSize = 0;
  #control: Buffer | undefined;
  #controlSize = 0;
  #data: { readonly streamId: number; readonly fin: boolean; left: number } | undefined;

  /** @throws Error when it is no SPDY/3.1 */
  *read(chunk: Buffer): Generator<Frame> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#data) {
        const piece = rest.subarray(0, this.#data.left);
        rest = rest.subarray(piece.length);
        yield this.#piece(this.#data, piece);
      } else if (this.#control) {
        const copied = rest.copy(this.#control, this.#controlSize);
        this.#controlSize += copied;
        rest = rest.subarray(copied);
      } else {
        const copied = rest.copy(this.#header, this.#headerSize);
        this.#headerSize += copied;
        rest = rest.subarray(copied);
        if (this.#headerSize < frameHeaderLength) return;
        this.#headerSize = 0;
        const length = lengthIn(this.#header);
        if (isControl(this.#header)) this.#startControl(length);
        else {
          this.#data = { streamId: streamIdAt(this.#header, 0), fin: hasFin(this.#header), left: length };
          if (length === 0) yield this.#piece(this.#data, Buffer.alloc(0));
        }
      }
      if (this.#control && this.#controlSize === this.#control.length) {
        const payload = this.#control;
        this.#control = undefined;
        yield decodeControl(this.#header, payload);
      }
    }
  }

  #startControl(length: number): void {
    if (length > maxControlLength) throw new Error(`a SPDY control frame of ${length} bytes`);
    this.#control = Buffer.alloc(length);
    this.#controlSize = 0;
  }

  #piece(frame: { readonly streamId: number; readonly fin: boolean; left: number }, data: Buffer): Frame {
    frame.left -= data.length;
    const last = frame.left === 0;
    if (last) this.#data = undefined;
    return { type: 'data', streamId: frame.streamId, fin: frame.fin && last, data };
  }
}
