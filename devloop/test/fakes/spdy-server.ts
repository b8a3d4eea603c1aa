import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { constants, createDeflate } from 'node:zlib';
import { spdyDictionary } from '../../src/lib/spdy/dictionary.ts';
import { FrameReader } from '../../src/lib/spdy/frame-reader.ts';
import { dataHeader, encodeFrame, type Frame } from '../../src/lib/spdy/frames.ts';
import { HeaderBlockReader, type Headers } from '../../src/lib/spdy/header-block-reader.ts';

/** The other end of a stream, as a kubelet has it. */
export interface FarStream {
  readonly id: number;
  readonly headers: Headers;
  text: string;
  ended: boolean;
  reset: boolean;
}

/** Plays spdystream's server on one socket, with compressed headers as it sends them. */
export class SpdyServer {
  readonly streams: FarStream[] = [];
  readonly frames: Frame[] = [];
  /** Whether it takes streams with a SYN_REPLY, and answers pings. */
  replies = true;
  /** Called with each pair of streams, as far as it has replied. */
  onStream: (stream: FarStream) => void = () => {};
  onData: (stream: FarStream, chunk: Buffer) => void = () => {};
  onEnd: (stream: FarStream) => void = () => {};
  readonly socket: Socket;
  readonly #reader = new FrameReader();
  readonly #headers = new HeaderBlockReader();
  readonly #deflate = createDeflate({ dictionary: spdyDictionary, level: 9 });
  #queue: Promise<void> = Promise.resolve();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      for (const frame of this.#reader.read(chunk)) {
        this.frames.push(frame);
        this.#queue = this.#queue.then(() => this.#take(frame));
      }
    });
  }

  send(stream: FarStream | undefined, text: string | Buffer, fin = false): void {
    const data = Buffer.from(text);
    if (stream) this.write(Buffer.concat([dataHeader(stream.id, data.length, fin), data]));
  }

  sendFrame(frame: Frame): void {
    this.write(encodeFrame(frame));
  }

  write(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  async #take(frame: Frame): Promise<void> {
    if (frame.type === 'synStream') {
      const headers = await this.#headers.read(frame.block);
      const stream = { id: frame.streamId, headers, text: '', ended: false, reset: false };
      this.streams.push(stream);
      if (!this.replies) return;
      this.sendFrame({ type: 'synReply', streamId: stream.id, fin: false, block: await this.#emptyBlock() });
      this.onStream(stream);
    } else if (frame.type === 'ping') {
      if (this.replies && frame.id % 2 === 1) this.sendFrame(frame);
    } else if ('streamId' in frame) {
      const stream = this.streams.find(({ id }) => id === frame.streamId);
      if (!stream) return;
      if (frame.type === 'rstStream') stream.reset = true;
      if (frame.type !== 'data') return;
      stream.text += frame.data.toString();
      if (frame.data.length > 0) this.onData(stream, frame.data);
      if (frame.fin) stream.ended = true;
      if (frame.fin) this.onEnd(stream);
    }
  }

  #emptyBlock(): Promise<Buffer> {
    const parts: Buffer[] = [];
    const onData = (part: Buffer) => parts.push(part);
    this.#deflate.on('data', onData);
    return new Promise((resolve) => {
      this.#deflate.write(Buffer.alloc(4));
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => {
        this.#deflate.off('data', onData);
        resolve(Buffer.concat(parts));
      });
    });
  }
}

/** Both ends of a connection over the loopback. */
export async function createSocketPair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = await accepted;
  server.close();
  return { near, far };
}
