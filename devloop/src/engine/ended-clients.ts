import type { Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';
import type { Dispatch } from '../state/store.ts';
import { endClient } from './end-client.ts';

/** Clients that are ended for the same reason within so long are told of together. Milliseconds. */
const togetherMs = 1000;

/** What a browser or curl is told. */
const answerOf = (text: string): string =>
  [
    'HTTP/1.1 503 Service Unavailable',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'retry-after: 1',
    'connection: close',
    '',
    text,
  ].join('\r\n');

/**
 * Ends clients of a forward that no pod has taken, so that each knows it: one that speaks HTTP is answered with 503 and
 * the reason, any other connection is reset. The screen is told how many there were.
 */
export class EndedClients {
  readonly #local: number;
  readonly #clock: Clock;
  readonly #dispatch: Dispatch;
  /** By reason. */
  readonly #counts = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(local: number, clock: Clock, dispatch: Dispatch) {
    this.#local = local;
    this.#clock = clock;
    this.#dispatch = dispatch;
  }

  /** @param isHttp whether what it has sent begins as an HTTP request does */
  end(client: Socket, isHttp: boolean, why: string): void {
    if (isHttp) endClient(client, this.#clock, answerOf(`devloop: ${why}\n`));
    else client.resetAndDestroy();
    this.#counts.set(why, (this.#counts.get(why) ?? 0) + 1);
    this.#cancel ??= this.#clock.after(togetherMs, () => this.flush());
  }

  /** Tells at once of those that were not told of yet. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const [why, count] of this.#counts) {
      const what = count === 1 ? 'a connection was' : `${count} connections were`;
      this.#dispatch({
        type: 'notice',
        level: 'warning',
        text: `http://localhost:${this.#local}: ${what} ended: ${why}`,
      });
    }
    this.#counts.clear();
  }
}
