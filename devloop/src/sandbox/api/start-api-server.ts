import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerCertificate } from './certificate.ts';
import { authenticate } from './http/authenticate.ts';
import { faultRequest, meetFault } from './http/fault-answer.ts';
import { parseResourcePath } from './http/resource-path.ts';
import { sendError, sendErrorOnSocket } from './http/send.ts';
import { serveRequest, urlOf } from './serve-request.ts';
import type { OpenWatches } from './serve-resource.ts';
import { serveUpgrade } from './serve-upgrade.ts';
import type { ServerParts } from './server-parts.ts';

export interface ApiServerOptions extends ServerParts {
  /** Default: one that is free. */
  readonly port?: number;
  /** Default: plain HTTP, over which kubectl and helm send no token. */
  readonly certificate?: ServerCertificate;
}

export interface ApiServer {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends every watch, closes every connection and the listener. */
  readonly close: () => Promise<void>;
}

/**
 * Serves the objects of a store as Kubernetes' API server does: on the loopback address, for whoever has the
 * token. https://kubernetes.io/docs/reference/using-api/api-concepts/
 * @throws Error when the port is taken
 */
export async function startApiServer({ port = 0, certificate, ...parts }: ApiServerOptions): Promise<ApiServer> {
  const watches: OpenWatches = new Set();
  const upgraded = new Set<Duplex>();
  const connections = new Set<Duplex>();
  const closing = new AbortController();
  let closed: Promise<void> | undefined;
  // Watches and logs last for hours: no request has a time limit.
  const times = { requestTimeout: 0, keepAliveTimeout: 60_000 };
  const server = certificate ? createSecureServer({ ...times, ...certificate }) : createServer(times);

  server.on('connection', (socket: Duplex) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    handle().catch((error: unknown) => sendError(response, error));

    async function handle(): Promise<void> {
      authenticate(request, parts.token);
      await serveRequest(parts, watches, request, response, AbortSignal.any([gone.signal, closing.signal]));
    }
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    // A client that leaves is told of by `close`.
    socket.on('error', () => socket.destroy());
    handle().catch((error: unknown) => sendErrorOnSocket(socket, error));

    async function handle(): Promise<void> {
      authenticate(request, parts.token);
      const url = urlOf(request);
      const path = parseResourcePath(url.pathname);
      const fault = faultRequest(request.method ?? 'GET', url, path);
      if ((await meetFault(parts.faults, parts.clock, fault, closing.signal)) === 'silent') return;
      await serveUpgrade(parts, { request, socket, head, url }, path);
    }
  });

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  async function close(): Promise<void> {
    const ended = once(server, 'close');
    server.close();
    closing.abort();
    await Promise.all([...watches].map((end) => end()));
    for (const socket of upgraded) socket.destroy();
    server.closeAllConnections();
    // It does not know those whose TLS handshake is under way.
    for (const socket of connections) socket.destroy();
    await ended;
  }

  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
