import type { Frame } from '../../../lib/spdy/frames.ts';

/** Hears what comes on a stream, in the order in which it comes. */
export interface StreamListener {
  /** The far side has taken the stream (SYN_REPLY). */
  readonly replied: () => void;
  readonly data: (chunk: Buffer) => void;
  /** The far side sends no more (FIN). */
  readonly ended: () => void;
  /** The stream is gone before both sides had ended it: RST_STREAM, or the session was lost. */
  readonly lost: (error: Error) => void;
}

/** What a stream needs of its session. */
export interface StreamSession {
  /**
   * @param done called when the session can take more
   * @returns how many frames it took
   */
  readonly sendData: (streamId: number, chunk: Buffer, fin: boolean, done: () => void) => number;
  readonly sendReset: (streamId: number) => void;
  readonly forget: (stream: SpdyStream) => void;
  readonly hold: (stream: SpdyStream) => void;
  readonly release: (stream: SpdyStream) => void;
}

/** One stream of a session. It is forgotten when both sides have ended it, or one has reset it. */
export class SpdyStream {
  readonly id: number;
  /** DATA frames that were sent since something came on it. */
  unanswered = 0;
  readonly #session: StreamSession;
  readonly #listener: StreamListener;
  #nearEnded = false;
  #farEnded = false;
  #gone = false;

  constructor(id: number, session: StreamSession, listener: StreamListener) {
    this.id = id;
    this.#session = session;
    this.#listener = listener;
  }

  /** @param done called when the session can take more */
  write(chunk: Buffer, done: () => void): void {
    if (this.#gone || this.#nearEnded) done();
    else this.unanswered += this.#session.sendData(this.id, chunk, false, done);
  }

  /** Ends this side; reading goes on. */
  end(): void {
    if (this.#gone || this.#nearEnded) return;
    this.#nearEnded = true;
    this.#session.sendData(this.id, Buffer.alloc(0), true, () => {});
    this.#forgetWhenEnded();
  }

  /** Ends both sides at once; nothing is heard any more. */
  reset(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#session.sendReset(this.id);
    this.#session.forget(this);
  }

  /** Holds the whole session back, because this stream is not read fast enough. */
  hold(): void {
    if (!this.#gone) this.#session.hold(this);
  }

  release(): void {
    this.#session.release(this);
  }

  /** For the session only. */
  receive(frame: Frame & { readonly streamId: number }): void {
    if (this.#gone) return;
    this.unanswered = 0;
    if (frame.type === 'rstStream') {
      this.lose(new Error(`the stream was reset (SPDY status ${frame.status})`));
      return;
    }
    if (frame.type === 'synReply') this.#listener.replied();
    if (frame.type === 'data' && frame.data.length > 0 && !this.#farEnded) this.#listener.data(frame.data);
    if (!('fin' in frame) || !frame.fin || this.#farEnded || this.#gone) return;
    this.#farEnded = true;
    this.#listener.ended();
    this.#forgetWhenEnded();
  }

  /** For the session only. */
  lose(error: Error): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#session.forget(this);
    this.#listener.lost(error);
  }

  #forgetWhenEnded(): void {
    if (this.#gone || !this.#nearEnded || !this.#farEnded) return;
    this.#gone = true;
    this.#session.forget(this);
  }
}
