import type { Duplex } from 'node:stream';
import { FrameReader } from '../../../lib/spdy/frame-reader.ts';
import { cancelStatus, encodeFrame, type Frame } from '../../../lib/spdy/frames.ts';
import { HeaderBlockWriter } from '../../../lib/spdy/header-block.ts';
import { HeaderBlockReader, type Headers } from '../../../lib/spdy/header-block-reader.ts';
import type { Clock } from '../../../model/clock.ts';
import { ReadGate } from './read-gate.ts';
import { SpdyServerStream, type StreamSession } from './spdy-stream.ts';

/** Over this many unsent bytes writers wait. */
const highWater = 256 * 1024;
const maxFrame = 64 * 1024;
/** The RST_STREAM status of a stream that the server does not take. */
const refusedStatus = 3;
/** Milliseconds that a client has for closing after the server's goodbye. */
const goodbyeMs = 1000;

export interface SpdyHandlers {
  /** @throws Error for a stream that is not taken; the client sees it reset */
  readonly check: (headers: Headers) => void;
  /** A stream that has been taken; its first bytes may have come already. */
  readonly onStream: (stream: SpdyServerStream) => void;
}

/**
 * The server's end of a SPDY/3.1 connection, as far as Kubernetes speaks it: the client opens streams, and there is no
 * flow control (see ReadGate).
 * https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/
 */
export class SpdyServerSession implements StreamSession {
  /** Resolves when the connection is no more. */
  readonly closed: Promise<void>;
  readonly #connection: Duplex;
  readonly #clock: Clock;
  readonly #handlers: SpdyHandlers;
  readonly #reader = new FrameReader();
  readonly #headers = new HeaderBlockReader();
  readonly #replies = new HeaderBlockWriter();
  readonly #streams = new Map<number, SpdyServerStream>();
  readonly #gate: ReadGate;
  #lastStreamId = 0;
  #clientLeaves = false;
  #ended = false;
  #cancelGoodbye: (() => void) | undefined;
  #nextPingId = 2;

  /** @param connection a socket, or a WebSocket as a stream of bytes */
  constructor(connection: Duplex, clock: Clock, handlers: SpdyHandlers) {
    this.#connection = connection;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#gate = new ReadGate(
      { pause: () => connection.pause(), resume: () => connection.resume(), ping: () => this.#ping() },
      clock,
    );
    this.closed = new Promise((resolve) => {
      connection.on('close', () => {
        this.#lose();
        resolve();
      });
    });
    connection.on('error', () => connection.destroy());
    connection.on('end', () => connection.destroy());
    connection.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** Says goodbye: what is written is sent, open streams are reset, and the connection closes. */
  close(): void {
    if (this.#ended) return;
    for (const stream of [...this.#streams.values()]) stream.destroy();
    this.#send({ type: 'goAway', lastGoodStreamId: this.#lastStreamId, status: 0 });
    this.#ended = true;
    this.#connection.end();
    this.#connection.resume();
    this.#cancelGoodbye = this.#clock.after(goodbyeMs, () => this.#connection.destroy());
  }

  /** For its streams only, as are the next four. */
  sendData(streamId: number, chunk: Buffer, fin: boolean, done: () => void): void {
    if (this.#ended) {
      done();
      return;
    }
    const waits = this.#connection.writableLength + chunk.length >= highWater;
    for (let start = 0; ; start += maxFrame) {
      const data = chunk.subarray(start, start + maxFrame);
      const last = start + maxFrame >= chunk.length;
      const frame = encodeFrame({ type: 'data', streamId, fin: fin && last, data });
      this.#connection.write(frame, last && waits ? () => done() : undefined);
      if (last) break;
    }
    if (!waits) done();
  }

  sendReset(streamId: number): void {
    this.#send({ type: 'rstStream', streamId, status: cancelStatus });
  }

  hold(stream: object): void {
    this.#gate.hold(stream);
  }

  release(stream: object): void {
    this.#gate.release(stream);
  }

  forget(streamId: number): void {
    this.#streams.delete(streamId);
    if (this.#clientLeaves && this.#streams.size === 0) this.close();
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      for (const frame of this.#reader.read(chunk)) this.#take(frame);
    } catch {
      this.#connection.destroy();
    }
  }

  #take(frame: Frame): void {
    if (frame.type === 'synStream') void this.#open(frame);
    else if (frame.type === 'data') this.#streams.get(frame.streamId)?.receive(frame.data, frame.fin);
    else if (frame.type === 'rstStream') this.#streams.get(frame.streamId)?.lose();
    // The client's pings are odd and wanted back; even ones answer the server's.
    else if (frame.type === 'ping' && frame.id % 2 === 1) this.#send(frame);
    else if (frame.type === 'goAway') {
      this.#clientLeaves = true;
      if (this.#streams.size === 0) this.close();
    }
  }

  /** Data may come before the headers are inflated, which takes a trip to another thread: the stream keeps it. */
  async #open({ streamId, fin, block }: Frame & { readonly type: 'synStream' }): Promise<void> {
    const stream = new SpdyServerStream(streamId, this);
    this.#streams.set(streamId, stream);
    this.#lastStreamId = Math.max(this.#lastStreamId, streamId);
    if (fin) stream.receive(Buffer.alloc(0), true);
    try {
      stream.headers = await this.#headers.read(block);
    } catch {
      this.#connection.destroy();
      return;
    }
    if (stream.destroyed) return;
    try {
      this.#handlers.check(stream.headers);
    } catch {
      this.#send({ type: 'rstStream', streamId, status: refusedStatus });
      stream.lose();
      return;
    }
    this.#send({ type: 'synReply', streamId, fin: false, block: this.#replies.write({}) });
    this.#handlers.onStream(stream);
  }

  #ping(): void {
    this.#send({ type: 'ping', id: this.#nextPingId });
    this.#nextPingId += 2;
  }

  #send(frame: Frame): void {
    if (!this.#ended && this.#connection.writable) this.#connection.write(encodeFrame(frame));
  }

  #lose(): void {
    this.#ended = true;
    this.#cancelGoodbye?.();
    this.#headers.close();
    for (const stream of [...this.#streams.values()]) stream.lose();
    this.#gate.close();
  }
}
