import type { Duplex } from 'node:stream';
import { FrameReader } from '../../../lib/spdy/frame-reader.ts';
import { cancelStatus, dataHeader, encodeFrame, type Frame } from '../../../lib/spdy/frames.ts';
import { HeaderBlockWriter } from '../../../lib/spdy/header-block.ts';
import { SignsOfLife } from './signs-of-life.ts';
import { SpdyStream, type StreamListener, type StreamSession } from './stream.ts';

/** Over this many unsent bytes writers wait. */
const highWater = 256 * 1024;
/** The far side keeps up to fifty frames in a queue, whatever their size. */
const maxFrame = 64 * 1024;
const lastStreamId = 0x7fff_ffff;
/** A session that is held back for so long takes no new stream. Milliseconds. */
const heldBackMs = 250;

const goodbyeMs = 1000;

/** In beats of the session. */
const idleBeats = 8;

/** A socket that can leave the process free to end. */
export type SessionSocket = Duplex & { readonly ref?: () => unknown; readonly unref?: () => unknown };

export interface SessionOptions {
  /** Milliseconds between two looks at the session. Default 4000. */
  readonly beatMs?: number;
  /** Called once, as soon as it takes no new streams. */
  readonly onRetired?: () => void;
}

/**
 * The client's end of a SPDY/3.1 connection: many streams over one socket.
 *
 * https://github.com/moby/spdystream has no flow control: it sends no WINDOW_UPDATE and passes over those it gets, and
 * its reader stops when one stream's queue is full (connection.go: Serve, handleDataFrame). So a stream that is not read
 * holds up all others of its session, on either side. Here that is a stream whose reader has left a megabyte; there it
 * is a pod that does not read. Such a session is retired: streams that it has go on, and the next dial opens another.
 *
 * A beat every 4 s: an idle session closes after 32 s. While it has streams, silence is noticed (see SignsOfLife): it is
 * retired when a ping has no answer for 4 s, and given up with all its streams after 12 s, which is 16 to 20 s after the
 * last byte. While a pod may be holding up an upload it is given up after a minute in which not a byte went or came.
 */
export class SpdySession implements StreamSession {
  readonly #socket: SessionSocket;
  readonly #reader = new FrameReader();
  readonly #headers = new HeaderBlockWriter();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #holding = new Set<SpdyStream>();
  readonly #beat: NodeJS.Timeout;
  readonly #onRetired: (() => void) | undefined;
  #nextStreamId = 1;
  #nextPingId = 1;
  #retired = false;
  #closed = false;
  #heldSince = 0;
  #idle = 0;
  readonly #signs = new SignsOfLife();

  constructor(socket: SessionSocket, options: SessionOptions = {}) {
    this.#socket = socket;
    this.#onRetired = options.onRetired;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#lose(error));
    socket.on('end', () => this.#lose(new Error('the connection was closed')));
    socket.on('close', () => this.#lose(new Error('the connection was closed')));
    this.#beat = setInterval(() => this.#onBeat(), options.beatMs ?? 4000);
    this.#beat.unref();
    socket.unref?.();
  }

  /** Can it take a new stream? False for good after the first time. */
  usable(): boolean {
    if (this.#holding.size > 0 && performance.now() - this.#heldSince > heldBackMs) this.retire();
    return !this.#retired;
  }

  /** @throws Error when it takes no new streams */
  open(headers: Readonly<Record<string, string>>, listener: StreamListener): SpdyStream {
    if (this.#retired) throw new Error('the SPDY session takes no new streams');
    const stream = new SpdyStream(this.#nextStreamId, this, listener);
    this.#nextStreamId += 2;
    if (this.#streams.size === 0) this.#socket.ref?.();
    this.#streams.set(stream.id, stream);
    this.#send({ type: 'synStream', streamId: stream.id, fin: false, block: this.#headers.write(headers) });
    if (this.#nextStreamId > lastStreamId) this.retire();
    return stream;
  }

  /** Takes no new streams, and closes when the last one has ended. */
  retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.#onRetired?.();
    if (this.#streams.size === 0) this.#end();
  }

  /** Ends it, with all its streams. */
  close(): void {
    this.retire();
    this.#lose(new Error('the SPDY session was closed'));
  }

  /** For its streams only, as are the next four. */
  sendData(streamId: number, chunk: Buffer, fin: boolean, done: () => void): number {
    if (this.#closed) {
      done();
      return 0;
    }
    let frames = 0;
    const onSent = () => {
      this.#signs.sent();
      done();
    };
    const waits = this.#socket.writableLength + chunk.length >= highWater;
    this.#socket.cork();
    for (let start = 0; ; start += maxFrame) {
      const piece = chunk.subarray(start, start + maxFrame);
      const last = start + maxFrame >= chunk.length;
      this.#socket.write(dataHeader(streamId, piece.length, fin && last));
      if (piece.length > 0) this.#socket.write(piece, last && waits ? onSent : undefined);
      frames += 1;
      if (last) break;
    }
    this.#socket.uncork();
    if (!waits || chunk.length === 0) done();
    return frames;
  }

  sendReset(streamId: number): void {
    this.#send({ type: 'rstStream', streamId, status: cancelStatus });
  }

  forget(stream: SpdyStream): void {
    this.release(stream);
    if (!this.#streams.delete(stream.id) || this.#streams.size > 0) return;
    this.#idle = 0;
    this.#signs.rest();
    this.#socket.unref?.();
    if (this.#retired) this.#end();
  }

  hold(stream: SpdyStream): void {
    if (this.#holding.size === 0) this.#heldSince = performance.now();
    this.#holding.add(stream);
    this.#socket.pause();
  }

  release(stream: SpdyStream): void {
    if (this.#holding.delete(stream) && this.#holding.size === 0) this.#socket.resume();
  }

  #send(frame: Frame): void {
    if (!this.#closed) this.#socket.write(encodeFrame(frame));
  }

  #read(chunk: Buffer): void {
    this.#signs.heard();
    try {
      for (const frame of this.#reader.read(chunk)) this.#take(frame);
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(frame: Frame): void {
    if (frame.type === 'goAway') this.retire();
    else if (frame.type === 'ping') {
      // Ours are odd, the server's are even and wanted back.
      if (frame.id % 2 === 0) this.#send(frame);
    } else if (frame.type === 'synStream') this.sendReset(frame.streamId);
    else if (frame.type !== 'other') this.#streams.get(frame.streamId)?.receive(frame);
  }

  #onBeat(): void {
    if (this.#streams.size === 0) {
      this.#idle += 1;
      if (this.#idle >= idleBeats) this.retire();
      return;
    }
    // Held back by a reader of ours it would not hear the answer.
    if (this.#holding.size > 0) return;
    let unanswered = 0;
    for (const stream of this.#streams.values()) unanswered = Math.max(unanswered, stream.unanswered);
    const { ping, doubtful, lost } = this.#signs.beat(unanswered);
    if (doubtful) this.retire();
    if (lost) this.#lose(new Error('the connection has gone silent'));
    else if (ping) this.#ping();
  }

  #ping(): void {
    this.#send({ type: 'ping', id: this.#nextPingId });
    this.#nextPingId = this.#nextPingId >= lastStreamId - 1 ? 1 : this.#nextPingId + 2;
  }

  /** Without streams: says goodbye and closes. */
  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#beat);
    const destroy = () => this.#socket.destroy();
    this.#socket.end(encodeFrame({ type: 'goAway', lastGoodStreamId: 0, status: 0 }), destroy);
    // A server that does not read would never let it finish.
    setTimeout(destroy, goodbyeMs).unref();
  }

  #lose(error: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#beat);
    this.#socket.destroy();
    for (const stream of [...this.#streams.values()]) stream.lose(error);
    this.retire();
  }
}
