import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { badRequest } from '../../store/api-error.ts';
import { refuseWithStatus, refuseWithText } from './status-answer.ts';

/** Of one message. SPDY that is tunnelled in messages has frames of up to 16 MiB. */
const maxMessage = 32 * 1024 * 1024;
const spdy = 'spdy/3.1';

/** A request that wants to change the protocol. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client has sent behind its request. */
  readonly head: Buffer;
}

/** What a client and the server have agreed on; nothing has been answered yet. */
export interface Agreement {
  readonly transport: 'spdy' | 'websocket';
  /** `v5.channel.k8s.io`, `portforward.k8s.io` */
  readonly protocol: string;
}

export interface Supported {
  /** The values of X-Stream-Protocol-Version, for SPDY/3.1. */
  readonly spdy: readonly string[];
  /** WebSocket subprotocols. */
  readonly webSocket: readonly string[];
}

/**
 * The first protocol of the client's list that is supported. When there is none the client is answered, in the words of
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/apimachinery/pkg/util/httpstream/httpstream.go
 * and .../wsstream/conn.go, and nothing is returned.
 */
export function agree({ request, socket }: Upgrade, supported: Supported): Agreement | undefined {
  const { headers } = request;
  const upgrade = (headers.upgrade ?? '').toLowerCase();
  if (upgrade === 'websocket') return agreeOnWebSocket(socket, headers['sec-websocket-protocol'], supported.webSocket);
  if (upgrade.includes(spdy)) return agreeOnSpdy(socket, headers['x-stream-protocol-version'], supported.spdy);
  refuseWithStatus(socket, badRequest('Upgrade request required'));
  return undefined;
}

function agreeOnWebSocket(
  socket: Duplex,
  header: string | undefined,
  supported: readonly string[],
): Agreement | undefined {
  const asked = listOf(header);
  const protocol = asked.find((name) => supported.includes(name));
  if (protocol !== undefined) return { transport: 'websocket', protocol };
  const text = `requested protocol(s) are not supported: [${asked.join(' ')}]; supports [${supported.join(' ')}]`;
  refuseWithText(socket, 403, text);
  return undefined;
}

function agreeOnSpdy(
  socket: Duplex,
  header: string | string[] | undefined,
  supported: readonly string[],
): Agreement | undefined {
  const asked = listOf(Array.isArray(header) ? header.join(',') : header);
  const protocol = asked.find((name) => supported.includes(name));
  if (protocol !== undefined) return { transport: 'spdy', protocol };
  if (asked.length === 0) refuseWithText(socket, 400, 'unable to upgrade: X-Stream-Protocol-Version is required');
  else
    refuseWithText(
      socket,
      403,
      `unable to upgrade: unable to negotiate protocol: client supports [${asked.join(' ')}], server accepts [${supported.join(' ')}]`,
      supported.map((name) => `X-Accepted-Stream-Protocol-Versions: ${name}`),
    );
  return undefined;
}

const listOf = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Switches to SPDY; the socket speaks it from then on. */
export function switchToSpdy({ socket, head }: Upgrade, protocol: string): Duplex {
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'];
  socket.write(`${[...lines, `X-Stream-Protocol-Version: ${protocol}`].join('\r\n')}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);
  return socket;
}

/**
 * Switches to a WebSocket; undefined when the request is no handshake, which has been answered then.
 *
 * The protocol is agreed on without `ws`, which takes none with a slash in its name (`SPDY/3.1+portforward.k8s.io`).
 */
export function switchToWebSocket({ request, socket, head }: Upgrade, protocol: string): WebSocket | undefined {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: maxMessage });
  delete request.headers['sec-websocket-protocol'];
  server.on('headers', (lines) => lines.push(`Sec-WebSocket-Protocol: ${protocol}`));
  let opened: WebSocket | undefined;
  server.handleUpgrade(request, socket, head, (webSocket) => {
    opened = webSocket;
  });
  return opened;
}
