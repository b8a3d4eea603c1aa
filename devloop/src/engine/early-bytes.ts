import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a client has sent is kept until the pod's first byte, up to this size, to send it to another pod. */
const replayBytes = 256 * 1024;

/** What a client sends, and its end, passed on to a pod's stream and kept until that pod has answered. */
export class EarlyBytes {
  overflowed = false;
  #kept: Buffer[] = [];
  #size = 0;
  #keeping = true;
  #target: Duplex | undefined;
  readonly #client: Socket;

  constructor(client: Socket) {
    this.#client = client;
    client.on('data', (chunk: Buffer) => {
      this.#keep(chunk);
      // One that the pod has let go of takes no more, and will close.
      if (!this.#target?.writable) return;
      if (this.#target.write(chunk)) return;
      client.pause();
      this.#target.once('drain', () => client.resume());
    });
    client.on('end', () => this.#target?.end());
  }

  /** Whether a pod that has closed without an answer can be asked again elsewhere: nothing was said, or only a question. */
  get isRepeatable(): boolean {
    const [first] = this.#kept;
    return !this.overflowed && (!first || /^(GET|HEAD|OPTIONS) /.test(first.toString('latin1', 0, 8)));
  }

  /** Whether what has come so far begins as an HTTP/1 request does. */
  get isHttp(): boolean {
    return /^[A-Z]{3,10} \S+ HTTP\/1\.[01]\r?\n/.test(this.#kept[0]?.toString('latin1') ?? '');
  }

  /** Bytes that are kept. */
  get size(): number {
    return this.#size;
  }

  attach(stream: Duplex): void {
    this.#target = stream;
    for (const chunk of this.#kept) stream.write(chunk);
    if (this.#client.readableEnded) stream.end();
    this.#client.resume();
  }

  detach(): void {
    this.#target = undefined;
    // It may have been held back for the stream that is gone; unread, its end would never be seen.
    this.#client.resume();
  }

  forget(): void {
    this.#keeping = false;
    this.#kept = [];
  }

  #keep(chunk: Buffer): void {
    if (!this.#keeping || this.overflowed) return;
    this.#kept.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= replayBytes) return;
    if (this.#target) {
      this.overflowed = true;
      this.#kept = [];
    } else this.#client.pause();
  }
}
