import { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import type { Clock } from '../../../model/clock.ts';
import { ReadGate } from './read-gate.ts';

/** Over this many unsent bytes writers wait. */
const highWater = 256 * 1024;
/** Of v5.channel.k8s.io: the byte after it is a channel on which the client sends no more. */
const closeSignal = 255;

/**
 * A WebSocket whose messages begin with the number of a channel, the framing of `v4.channel.k8s.io`. A client can end
 * one channel alone only by `v5.channel.k8s.io`.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/apimachinery/pkg/util/httpstream/wsstream/conn.go
 */
export class ChannelSocket {
  /** Resolves when the connection is no more. */
  readonly closed: Promise<void>;
  readonly #webSocket: WebSocket;
  readonly #halfCloses: boolean;
  readonly #gate: ReadGate;
  readonly #channels = new Map<number, Channel>();

  /**
   * @param protocol the one that was agreed on
   * @param channels the numbers on which the client may send or hear; messages on others are passed over
   */
  constructor(webSocket: WebSocket, protocol: string, clock: Clock, channels: readonly number[]) {
    this.#webSocket = webSocket;
    this.#halfCloses = protocol === 'v5.channel.k8s.io';
    this.#gate = new ReadGate(
      { pause: () => webSocket.pause(), resume: () => webSocket.resume(), ping: () => webSocket.ping() },
      clock,
    );
    for (const number of channels) this.#channels.set(number, new Channel(number, webSocket, this.#gate));
    webSocket.on('message', (message: Buffer) => this.#receive(message));
    webSocket.on('error', () => webSocket.terminate());
    this.closed = new Promise((resolve) => {
      webSocket.on('close', () => {
        this.#gate.close();
        for (const channel of this.#channels.values()) channel.lose();
        resolve();
      });
    });
  }

  /** @throws RangeError for a number that was not given to the constructor */
  channel(number: number): Duplex {
    const channel = this.#channels.get(number);
    if (!channel) throw new RangeError(`there is no channel ${number}`);
    return channel;
  }

  /** Sends what is written, and closes. */
  close(): void {
    // One that does not read never sees the answer to its close.
    this.#webSocket.resume();
    this.#webSocket.close(1000);
  }

  #receive(message: Buffer): void {
    const [number, second] = message;
    if (number === undefined) return;
    if (number === closeSignal && this.#halfCloses) this.#channels.get(second ?? 0)?.finish();
    else this.#channels.get(number)?.receive(message.subarray(1));
  }
}

class Channel extends Duplex {
  readonly #number: number;
  readonly #webSocket: WebSocket;
  readonly #gate: ReadGate;
  #finished = false;

  constructor(number: number, webSocket: WebSocket, gate: ReadGate) {
    super({ allowHalfOpen: true });
    this.#number = number;
    this.#webSocket = webSocket;
    this.#gate = gate;
    // Who writes to a channel that has gone learns it from its `close`.
    this.on('error', () => {});
  }

  receive(content: Buffer): void {
    if (this.destroyed || this.#finished || content.length === 0) return;
    if (!this.push(content)) this.#gate.hold(this);
  }

  finish(): void {
    if (this.destroyed || this.#finished) return;
    this.#finished = true;
    this.push(null);
  }

  /** What has come is still to be read: a client may say something and close at once. */
  lose(): void {
    this.once('end', () => this.destroy());
    this.finish();
    if (this.readableEnded) this.destroy();
  }

  override _read(): void {
    this.#gate.release(this);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) {
      done(new Error('the client has gone'));
      return;
    }
    const message = Buffer.concat([Buffer.from([this.#number]), chunk]);
    if (this.#webSocket.bufferedAmount < highWater) {
      this.#webSocket.send(message);
      done();
    } else this.#webSocket.send(message, (error) => done(error));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#gate.release(this);
    done(error);
  }
}
