import { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import { apiErrorOf } from './api-error.ts';

/** Over this many unsent bytes a writer waits. */
const highWater = 1 << 20;
/** The protocol cannot half-close: after our end the answer has so many milliseconds, from its last byte on. */
const lingerMs = 2000;
/** What is written goes to this channel. */
const outChannel = 0;

/**
 * A WebSocket to a pod whose messages begin with the number of a channel, as a stream. What its channels mean differs
 * by subresource.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/apimachinery/pkg/util/httpstream/wsstream/conn.go
 */
export abstract class WebSocketStream extends Duplex {
  readonly #socket: WebSocket;
  #linger: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('message', (message: Buffer) => {
      if (!this.destroyed) this.receive(message[0] ?? 0, message.subarray(1));
    });
    socket.on('close', () => this.farEnd());
    socket.on('error', (error) => this.destroy(error));
  }

  protected abstract receive(channel: number, content: Buffer): void;

  /** What has come is still to be read: the stream is destroyed by itself once both of its sides have ended. */
  protected farEnd(): void {
    this.push(null);
    this.end();
  }

  /** Hands content to the reader. */
  protected deliver(content: Buffer): void {
    this.#linger?.refresh();
    // Not read fast enough: the socket stops reading too, and TCP slows the pod down.
    if (!this.push(content)) this.#socket.pause();
  }

  override _read(): void {
    this.#socket.resume();
  }

  /** Sends content on another channel than the one that is written to. */
  protected send(channel: number, content: Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(inChannel(channel, content));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const message = inChannel(outChannel, chunk);
    if (this.#socket.bufferedAmount < highWater) {
      this.#socket.send(message);
      done();
    } else this.#socket.send(message, done);
  }

  // The far side sees the end only when the whole connection closes.
  override _final(done: () => void): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#linger = setTimeout(() => this.destroy(), lingerMs);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#linger);
    if (this.#socket.readyState === this.#socket.CONNECTING) this.#socket.terminate();
    else {
      // One that does not read never sees the answer to its close, and stays open for half a minute.
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.resume();
      this.#socket.close();
    }
    done(error);
  }
}

function inChannel(channel: number, content: Buffer): Buffer {
  const message = Buffer.allocUnsafe(content.length + 1);
  message[0] = channel;
  content.copy(message, 1);
  return message;
}

/**
 * Resolves when the WebSocket of a stream is open, and the stream has not ended meanwhile.
 * @param what names it in errors: `pod web-1`
 * @param timeout milliseconds until it is given up
 * @throws ApiError when the server refuses it
 */
export async function opened(socket: WebSocket, stream: Duplex, what: string, timeout: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      stream.destroy(new Error(`${what} could not be reached within ${timeout} ms`));
    }, timeout);
    socket.once('unexpected-response', (_, response) => {
      apiErrorOf(response).then(
        (error) => stream.destroy(error),
        (error: Error) => stream.destroy(error),
      );
    });
    stream.once('error', reject);
    socket.once('open', () => {
      clearTimeout(timer);
      resolve();
    });
    stream.once('close', () => {
      clearTimeout(timer);
      reject(closedAtOnce(what));
    });
  });
  if (stream.destroyed) throw stream.errored ?? closedAtOnce(what);
}

const closedAtOnce = (what: string) => new Error(`${what} closed the connection at once`);
