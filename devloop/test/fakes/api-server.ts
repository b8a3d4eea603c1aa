import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import { WebSocketServer } from 'ws';
import { type Connection, connect } from '../../src/adapters/kubernetes/connection.ts';
import { createTempFolder } from './temp-folder.ts';

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

export interface FakeApiServer {
  readonly connection: Connection;
  readonly requests: ApiRequest[];
  /** Answers each request; set by the test. */
  answer: (request: ApiRequest, response: ServerResponse, incoming: IncomingMessage) => void;
  /** Takes each WebSocket; set by the test. `socket` is the raw one below it. */
  accept: (webSocket: WebSocket, url: URL, socket: Duplex) => void;
  /** Before a WebSocket is accepted; the default does nothing. */
  beforeUpgrade: (socket: Duplex) => void;
  /** When true, upgrades are left without an answer. */
  silent: boolean;
  /** Breaks every connection, as a restart of the server does. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

/** A server on the loopback that plays the API server, and a connection to it through a kubeconfig of its own. */
export async function startApiServer(): Promise<FakeApiServer> {
  const requests: ApiRequest[] = [];
  const server = createServer((incoming, response) => void onRequest(incoming, response));
  const sockets = new Set<Duplex>();
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  const urlOf = (incoming: IncomingMessage) => new URL(incoming.url ?? '/', 'http://api');
  async function onRequest(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of incoming) body += String(chunk);
    const request = { method: incoming.method ?? '', url: urlOf(incoming), body };
    requests.push(request);
    fake.answer(request, response, incoming);
  }
  server.on('upgrade', (incoming, socket, head) => {
    requests.push({ method: 'UPGRADE', url: urlOf(incoming), body: '' });
    if (fake.silent) return;
    fake.beforeUpgrade(socket);
    webSockets.handleUpgrade(incoming, socket, head, (webSocket) => fake.accept(webSocket, urlOf(incoming), socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const fake: FakeApiServer = {
    connection: connectTo(`http://127.0.0.1:${port}`),
    requests,
    answer: (_, response) => sendStatus(response, 404, 'not found'),
    accept: () => {},
    beforeUpgrade: () => {},
    silent: false,
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

/** A connection through a kubeconfig of its own. */
export function connectTo(server: string): Connection {
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fake', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'fake', user: { token: 'secret-token' } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
    'current-context': 'fake',
  };
  const folder = createTempFolder({ config: JSON.stringify(kubeconfig) });
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = folder.path('config');
  try {
    return connect('fake');
  } finally {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
    folder.remove();
  }
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** A Kubernetes Status object, as the API server answers with when it cannot do what it is asked. */
export const sendStatus = (response: ServerResponse, code: number, message: string): void =>
  sendJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }, code);

/** The frames that a kubelet begins a forwarded port with: the port's number on the data and on the error channel. */
export function sendPortHeaders(webSocket: WebSocket, port: number): void {
  for (const channel of [0, 1]) webSocket.send(Buffer.from([channel, port & 255, port >> 8]));
}
