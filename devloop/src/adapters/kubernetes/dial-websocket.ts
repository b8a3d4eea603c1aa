import { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import type { Connection } from './connection.ts';

// The port-forward subresource over WebSocket: each message begins with its channel, 0 for data and 1 for errors, and
// the first message of a channel carries the port instead of content.
// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/kubelet/cri/streaming/portforward/websocket.go
const dataChannel = 0;
const errorChannel = 1;
const portHeader = 2;

/**
 * A connection to a port of a pod over a WebSocket of its own, for a server that does not speak SPDY. That nobody listens there is known only later: as an `error` of the
 * stream, before any data.
 * @param timeout milliseconds until the dial is given up
 */
export async function dialWebSocket(
  connection: Connection,
  namespace: string,
  pod: string,
  port: number,
  timeout: number,
): Promise<Duplex> {
  const socket = await connection.webSocket(`/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`);
  // It listens before the socket is open: the first messages come right behind the answer that opens it.
  const stream = new WebSocketStream(socket);
  await opened(socket, stream, timeout, pod);
  if (stream.destroyed) throw stream.errored ?? new Error(`pod ${pod} closed the connection at once`);
  return stream;
}

function opened(socket: WebSocket, stream: Duplex, timeout: number, pod: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stream.destroy(new Error(`pod ${pod} could not be dialled within ${timeout} ms`));
    }, timeout);
    stream.once('error', reject);
    socket.once('open', () => {
      clearTimeout(timer);
      resolve();
    });
    stream.once('close', () => {
      clearTimeout(timer);
      reject(new Error(`pod ${pod} closed the connection at once`));
    });
  });
}

/** Over this many unsent bytes a writer waits. */
const highWater = 1 << 20;
/** The protocol cannot half-close: after our end the answer has so many milliseconds, from its last byte on. */
const lingerMs = 2000;

class WebSocketStream extends Duplex {
  readonly #socket: WebSocket;
  readonly #headerSeen = [false, false];
  #linger: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('message', (message: Buffer) => this.#receive(message));
    // What has come is still to be read: the stream is destroyed by itself once both of its sides have ended.
    socket.on('close', () => {
      this.push(null);
      this.end();
    });
    socket.on('error', (error) => this.destroy(error));
  }

  #receive(message: Buffer): void {
    const channel = message[0] ?? 0;
    if (channel > errorChannel || this.destroyed) return;
    const content = message.subarray(this.#headerSeen[channel] ? 1 : 1 + portHeader);
    this.#headerSeen[channel] = true;
    if (content.length === 0) return;
    this.#linger?.refresh();
    if (channel === errorChannel) this.destroy(new Error(content.toString('utf8').trim()));
    // Not read fast enough: the socket stops reading too, and TCP slows the pod down.
    else if (!this.push(content)) this.#socket.pause();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const message = Buffer.allocUnsafe(chunk.length + 1);
    message[0] = dataChannel;
    chunk.copy(message, 1);
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
