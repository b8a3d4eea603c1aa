import { constants, createInflate } from 'node:zlib';
import { spdyDictionary } from './dictionary.ts';

/** A name that comes more than once has all its values, after one another with a NUL between them. */
export type Headers = Readonly<Record<string, string>>;

/** Headers here are some 60 bytes; so many that are packed into a frame of 64 KiB are an attack. */
const maxPlain = 64 * 1024;

/** Reads the header blocks of one direction of a connection, in the order in which they came. */
export class HeaderBlockReader {
  readonly #inflate = createInflate({ dictionary: spdyDictionary, finishFlush: constants.Z_SYNC_FLUSH });
  readonly #waiting: { readonly resolve: (headers: Headers) => void; readonly reject: (error: Error) => void }[] = [];
  #parts: Buffer[] = [];
  #size = 0;

  constructor() {
    this.#inflate.on('data', (part: Buffer) => {
      this.#parts.push(part);
      this.#size += part.length;
      if (this.#size > maxPlain) this.#inflate.destroy(new Error('a SPDY header block is too long'));
    });
    this.#inflate.on('error', (error) => this.#fail(error));
    this.#inflate.on('close', () => this.#fail(new Error('the reader of SPDY headers is closed')));
  }

  /**
   * The headers in a block; names are lower case.
   * @throws Error when it is no header block, or above 64 KiB, or after `close`
   */
  read(block: Buffer): Promise<Headers> {
    return new Promise((resolve, reject) => {
      if (this.#inflate.destroyed) {
        reject(new Error('the reader of SPDY headers is closed'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#inflate.write(block, (error) => {
        if (!error && !this.#inflate.destroyed) this.#settleFirst();
      });
    });
  }

  /** Lets go of zlib's memory. What is being read fails. */
  close(): void {
    this.#inflate.destroy();
  }

  #settleFirst(): void {
    const plain = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    const first = this.#waiting.shift();
    try {
      first?.resolve(parseHeaders(plain));
    } catch (error) {
      first?.reject(new Error('a SPDY header block is cut short', { cause: error }));
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** @throws RangeError when a length goes beyond the end */
function parseHeaders(plain: Buffer): Headers {
  const headers: Record<string, string> = {};
  let at = 4;
  const text = () => {
    const length = plain.readUInt32BE(at);
    at += 4 + length;
    if (at > plain.length) throw new RangeError(`${at - plain.length} bytes are missing`);
    return plain.toString('utf8', at - length, at);
  };
  for (let left = plain.readUInt32BE(0); left > 0; left -= 1) {
    const name = text();
    headers[name] = text();
  }
  if (at !== plain.length) throw new RangeError(`${plain.length - at} bytes after the headers`);
  return headers;
}
