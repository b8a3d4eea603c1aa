import type { Clock } from '../../../model/clock.ts';

/** Milliseconds between two pings to a client that is held back. */
const pingMs = 15_000;

/** A connection whose reading can stop. */
export interface GatedConnection {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Sends something that needs no answer. */
  readonly ping: () => void;
}

/**
 * Stops reading a connection while one of its streams is not taken fast enough: neither SPDY as Kubernetes speaks it
 * nor its WebSocket channels have flow control of their own, so that TCP's has to do.
 *
 * Who does not read does not notice that the client has gone, so it is pinged meanwhile: writing to a connection that
 * is no more fails.
 */
export class ReadGate {
  readonly #connection: GatedConnection;
  readonly #clock: Clock;
  readonly #holding = new Set<object>();
  #cancelPing: (() => void) | undefined;

  constructor(connection: GatedConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  hold(stream: object): void {
    if (this.#holding.size === 0) {
      this.#connection.pause();
      this.#pingLater();
    }
    this.#holding.add(stream);
  }

  release(stream: object): void {
    if (!this.#holding.delete(stream) || this.#holding.size > 0) return;
    this.close();
    this.#connection.resume();
  }

  /** Ends its timer. */
  close(): void {
    this.#cancelPing?.();
    this.#cancelPing = undefined;
  }

  #pingLater(): void {
    this.#cancelPing = this.#clock.after(pingMs, () => {
      this.#connection.ping();
      this.#pingLater();
    });
  }
}
