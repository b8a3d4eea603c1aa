import { Duplex } from 'node:stream';

/**
 * One end of a connection in memory that behaves as a forwarded one does: the other end sees its close, after what was
 * sent before, and takes bytes only as fast as they are read.
 */
class End extends Duplex {
  peer: End | undefined;
  #onRead: (() => void) | undefined;

  constructor() {
    super({ allowHalfOpen: true, highWaterMark: 16 * 1024 });
  }

  override _read(): void {
    const onRead = this.#onRead;
    this.#onRead = undefined;
    onRead?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.peer || this.peer.destroyed) done();
    else this.peer.#take(chunk, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { peer } = this;
    setImmediate(() => peer?.closed || peer?.farEnd());
    done(error);
  }

  farEnd(): void {
    if (this.destroyed) return;
    this.push(null);
    this.once('end', () => this.destroy());
  }

  #take(chunk: Buffer, done: () => void): void {
    if (this.push(chunk)) done();
    else this.#onRead = done;
  }
}

export interface PodConnection {
  /** What `dial` hands out. */
  readonly near: Duplex;
  /** The pod's end: what the client sends is read here. */
  readonly far: Duplex;
  /** All that the pod has read, as text; starts reading. */
  readonly heard: () => string;
}

export function createPodConnection(): PodConnection {
  const near = new End();
  const far = new End();
  near.peer = far;
  far.peer = near;
  let text = '';
  let listens = false;
  const heard = () => {
    if (!listens) far.on('data', (chunk: Buffer) => (text += chunk.toString()));
    listens = true;
    return text;
  };
  return { near, far, heard };
}
