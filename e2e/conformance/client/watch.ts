import { createInterface } from 'node:readline';
import { at } from '../values/at.ts';
import type { Answer, Connection } from './connection.ts';

export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** A watch that is open: its events in their order. */
export class Watch {
  readonly #abort: AbortController;
  readonly #lines: AsyncIterator<string>;
  readonly #status: number;
  /** All that came so far. */
  readonly events: WatchEvent[] = [];

  private constructor(status: number, lines: AsyncIterator<string>, abort: AbortController) {
    this.#status = status;
    this.#lines = lines;
    this.#abort = abort;
  }

  /** @param path with the query; `watch=true` is added */
  static async open(connection: Connection, path: string): Promise<Watch> {
    const abort = new AbortController();
    const url = `${path}${path.includes('?') ? '&' : '?'}watch=true`;
    const response = await connection.open({ method: 'GET', path: url }, abort.signal);
    // Ended by close(): the error is the answer to our own abort.
    response.on('error', () => {});
    const lines = createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
    return new Watch(response.statusCode ?? 0, lines, abort);
  }

  /** The next event; undefined when the server has ended the watch. Rejects after 100 s of silence. */
  async next(): Promise<WatchEvent | undefined> {
    const silence = setTimeout(() => this.close(), 100_000);
    const line = await this.#lines
      .next()
      .catch((error: unknown) => {
        throw new Error(`the watch broke off after ${this.seen().join(', ')}: ${error}`);
      })
      .finally(() => clearTimeout(silence));
    if (line.done || line.value === undefined) return undefined;
    const event = JSON.parse(line.value) as WatchEvent;
    this.events.push(event);
    return event;
  }

  /** Reads on until the predicate takes an event; rejects when the watch ends before. */
  async until(predicate: (event: WatchEvent) => boolean): Promise<WatchEvent> {
    for (let event = await this.next(); event !== undefined; event = await this.next()) {
      if (predicate(event)) return event;
    }
    throw new Error(`the watch ended after ${this.seen().join(', ')}`);
  }

  /** Reads to the end that the server sets. */
  async toEnd(): Promise<void> {
    while ((await this.next()) !== undefined);
  }

  /** `ADDED web`, in order. */
  seen(): string[] {
    return this.events.map(({ type, object }) => `${type} ${at(object, 'metadata.name') ?? at(object, 'reason')}`);
  }

  /** The answer where the server did not begin a watch. */
  async refusal(): Promise<Answer> {
    let text = '';
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) text += line.value;
    return { status: this.#status, body: JSON.parse(text) };
  }

  close(): void {
    this.#abort.abort();
  }
}
