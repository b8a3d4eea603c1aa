import { Duplex } from 'node:stream';
import type { Headers } from '../../../lib/spdy/header-block-reader.ts';

/** So much may wait for a slow target before its whole session is held back. Bytes. */
const unreadBytes = 256 * 1024;

/** What a stream needs of its session. */
export interface StreamSession {
  /** @param done called when the session can take more */
  readonly sendData: (streamId: number, chunk: Buffer, fin: boolean, done: () => void) => void;
  readonly sendReset: (streamId: number) => void;
  readonly hold: (stream: object) => void;
  readonly release: (stream: object) => void;
  readonly forget: (streamId: number) => void;
}

/**
 * A stream that the client has opened. `end` sends a FIN, `destroy` a RST_STREAM unless both sides have ended; a stream
 * that the client has reset, or whose session is lost, is destroyed without an error.
 */
export class SpdyServerStream extends Duplex {
  readonly id: number;
  headers: Headers = {};
  readonly #session: StreamSession;
  #farEnded = false;
  #lost = false;

  constructor(id: number, session: StreamSession) {
    super({ allowHalfOpen: true, readableHighWaterMark: unreadBytes });
    this.id = id;
    this.#session = session;
    // Who writes to a stream that has gone learns it from its `close`.
    this.on('error', () => {});
  }

  /** For the session only. */
  receive(chunk: Buffer, fin: boolean): void {
    if (this.destroyed || this.#farEnded) return;
    if (chunk.length > 0 && !this.push(chunk)) this.#session.hold(this);
    if (!fin) return;
    this.#farEnded = true;
    this.push(null);
  }

  /** For the session only. */
  lose(): void {
    this.#lost = true;
    this.destroy();
  }

  override _read(): void {
    this.#session.release(this);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#session.sendData(this.id, chunk, false, done);
  }

  override _final(done: () => void): void {
    this.#session.sendData(this.id, Buffer.alloc(0), true, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#lost && !(this.#farEnded && this.writableFinished)) this.#session.sendReset(this.id);
    this.#session.forget(this.id);
    this.#session.release(this);
    done(error);
  }
}
