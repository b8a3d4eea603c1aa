import { Duplex } from 'node:stream';
import { ConnectionLost } from '../../model/errors.ts';
import type { SpdySession } from './spdy/session.ts';
import type { SpdyStream } from './spdy/stream.ts';

/** So much may wait for a slow reader before the session is held back. Bytes. */
const unreadBytes = 1024 * 1024;
const maxErrorText = 16 * 1024;

/**
 * One forwarded connection over a session with the pod: a stream for its bytes, and one on which the kubelet says why
 * it could not connect. It sends that before it ends the error stream, and ends the data stream last.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/client-go/tools/portforward/portforward.go
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/httpstream.go
 */
export class PodStream extends Duplex {
  /** Resolves when the far side has taken both streams. */
  readonly opened: Promise<void>;
  readonly #data: SpdyStream;
  readonly #errors: SpdyStream;
  readonly #settleOpened: (error?: Error) => void;
  readonly #onRefused: (text: string) => void;
  #errorText = '';
  #errorsEnded = false;
  #written = false;
  #answered = false;
  #farEnded = false;

  /**
   * @param requestId tells the pairs of a session apart
   * @param onRefused called with what the error stream says
   * @throws Error when the session takes no new streams
   */
  constructor(session: SpdySession, port: number, requestId: number, onRefused: (text: string) => void) {
    super({ allowHalfOpen: true, readableHighWaterMark: unreadBytes });
    this.#onRefused = onRefused;
    let settle = (_error?: Error) => {};
    this.opened = new Promise((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    this.#settleOpened = settle;
    this.opened.catch(() => {});
    // An error may come before `dial` has handed the stream on; it looks at `errored` then.
    this.on('error', () => {});
    let replies = 0;
    const replied = () => {
      replies += 1;
      if (replies < 2) return;
      // Nothing is ever sent on it. Data before the SYN_REPLY would be dropped.
      this.#errors.end();
      this.#settleOpened();
    };
    const headers = { port: String(port), requestid: String(requestId) };
    this.#errors = session.open(
      { streamtype: 'error', ...headers },
      {
        replied,
        data: (chunk) => {
          if (this.#errorText.length < maxErrorText) this.#errorText += chunk.toString('utf8');
        },
        ended: () => this.#endErrors(),
        lost: () => this.#endErrors(),
      },
    );
    this.#data = session.open(
      { streamtype: 'data', ...headers },
      {
        replied,
        data: (chunk) => {
          this.#answered = true;
          if (!this.push(chunk)) this.#data.hold();
        },
        ended: () => this.#endData(),
        lost: (error) => this.#lose(error),
      },
    );
  }

  override _read(): void {
    this.#data.release();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#written = true;
    this.#data.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#data.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#settleOpened(error ?? new Error('the connection was closed'));
    this.#errors.reset();
    this.#data.reset();
    done(error);
  }

  #endErrors(): void {
    this.#errorsEnded = true;
    const text = this.#errorText.trim();
    if (text !== '') {
      this.#onRefused(text);
      this.destroy(new Error(text));
    } else this.#endWhenOver();
  }

  #endData(): void {
    this.#farEnded = true;
    this.push(null);
    this.#endWhenOver();
  }

  /** The kubelet ends both streams when it has let go of the connection: nobody takes what is written any more. */
  #endWhenOver(): void {
    if (this.#farEnded && this.#errorsEnded) this.end();
  }

  /**
   * An error before the first byte offers the connection to another pod; what the pod may have taken is told apart. Within an
   * answer it is one too, for the client to see that the answer is not whole.
   */
  #lose(error: Error): void {
    this.#settleOpened(error);
    if (this.#farEnded) this.end();
    else this.destroy(this.#written && !this.#answered ? new ConnectionLost(error.message) : error);
  }
}
