import type { Duplex } from 'node:stream';
import type { Kubernetes } from '../../engine/outside.ts';
import { ApiError } from './api-error.ts';
import type { Connection } from './connection.ts';
import { dialWebSocket } from './dial-websocket.ts';
import { PodStream } from './pod-stream.ts';
import { type SessionOptions, SpdySession } from './spdy/session.ts';

/** Milliseconds until a session that does not open is given up. */
const openMs = 5000;

/** What kubectl asks for. https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/client-go/transport/spdy/spdy.go */
const upgradeHeaders = { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'portforward.k8s.io' };

export type Dial = Kubernetes['dial'];

interface DialOptions extends SessionOptions {
  /**
   * Milliseconds that a session which was there before has to take a connection, which is one round trip; then another
   * is opened, as it may be wedged. Default 500.
   */
  readonly replyMs?: number;
}

/**
 * Forwarded connections over one session for each pod and port, as `kubectl port-forward` has them: opening a session
 * takes a TLS handshake with the API server and another from there to the kubelet, a connection over it one round trip.
 * Ports do not share a session, because a connection that is not read holds up the others (see SpdySession): a program
 * that stands in its debugger must not take the debugger's own port with it.
 *
 * A session is opened by the first dial and again when it has died, or does not take a connection in time. A server that
 * does not upgrade to SPDY is asked over WebSocket from then on.
 */
export class PortForwardSessions {
  readonly #connection: Connection;
  readonly #options: DialOptions;
  readonly #sessions = new Map<string, Promise<SpdySession>>();
  #lastRequestId = 0;
  #webSocket = false;
  #closed = false;

  constructor(connection: Connection, options: DialOptions = {}) {
    this.#connection = connection;
    this.#options = options;
  }

  /**
   * A connection to a port of a pod. That nobody listens there is known only later: as an `error` of the stream, before
   * any data.
   * @param timeout milliseconds until the dial is given up
   */
  readonly dial: Dial = async (namespace, pod, port, timeout) => {
    const started = performance.now();
    if (this.#webSocket) return dialWebSocket(this.#connection, namespace, pod, port, timeout);
    const expiry = startExpiry(timeout, pod);
    try {
      return await this.#dialSession(namespace, pod, port, expiry.expired);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 404 || error.retryAfter !== undefined) throw error;
      const left = timeout - (performance.now() - started);
      const stream = await dialWebSocket(this.#connection, namespace, pod, port, left).catch(() => {
        throw error;
      });
      this.#webSocket = true;
      return stream;
    } finally {
      expiry.clear();
    }
  };

  /** Ends all sessions and what goes over them. A later dial fails. */
  close(): void {
    this.#closed = true;
    for (const session of [...this.#sessions.values()])
      session.then(
        (session) => session.close(),
        () => {},
      );
  }

  async #dialSession(namespace: string, pod: string, port: number, expired: Promise<never>): Promise<Duplex> {
    const key = `${namespace}/${pod}:${port}`;
    // Only once: a server that is slow with every session would else be asked for one after the other.
    let mayBeWedged = true;
    for (;;) {
      const reused = this.#sessions.has(key);
      const session = await Promise.race([this.#session(key, namespace, pod), expired]);
      if (reused && !session.usable()) continue;
      let refused = false;
      this.#lastRequestId += 1;
      const stream = new PodStream(session, port, this.#lastRequestId, (text) => {
        refused = true;
        // Any other reason may be the session's own: that of a pod of this name that is gone.
        if (!/connection refused/i.test(text)) session.retire();
      });
      const patience = reused && mayBeWedged ? startExpiry(this.#options.replyMs ?? 500, pod) : undefined;
      try {
        await Promise.race([stream.opened, expired, ...(patience ? [patience.expired] : [])]);
      } catch (error) {
        const isWedged = patience?.isOver() ?? false;
        const died = !session.usable();
        session.retire();
        stream.destroy();
        if (isWedged) mayBeWedged = false;
        // It had died unnoticed, and the pod has heard nothing.
        if (isWedged || (reused && died && !refused)) continue;
        throw error;
      } finally {
        patience?.clear();
      }
      if (stream.errored) throw stream.errored;
      return stream;
    }
  }

  #session(key: string, namespace: string, pod: string): Promise<SpdySession> {
    const known = this.#sessions.get(key);
    if (known) return known;
    if (this.#closed) return Promise.reject(new Error('port-forward sessions are closed'));
    const forget = () => {
      if (this.#sessions.get(key) === opening) this.#sessions.delete(key);
    };
    const opening = this.#open(namespace, pod, forget);
    this.#sessions.set(key, opening);
    opening.catch(forget);
    return opening;
  }

  async #open(namespace: string, pod: string, onRetired: () => void): Promise<SpdySession> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/portforward`;
    const socket = await this.#connection.upgrade(path, upgradeHeaders, openMs);
    return new SpdySession(socket, { ...this.#options, onRetired });
  }
}

function startExpiry(timeout: number, pod: string) {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isOver = true;
      reject(new Error(`pod ${pod} could not be dialled within ${timeout} ms`));
    }, timeout);
  });
  expired.catch(() => {});
  return { expired, isOver: () => isOver, clear: () => clearTimeout(timer) };
}
