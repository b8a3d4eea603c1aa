import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { PortForwardSessions } from '../../../src/adapters/kubernetes/port-forward-sessions.ts';
import { connectTo } from '../../fakes/api-server.ts';
import { SpdyServer } from '../../fakes/spdy-server.ts';
import { until } from '../../fakes/ticks.ts';

let http: Server;
let sessions: PortForwardSessions;
let upgrades: IncomingMessage[];
let servers: SpdyServer[];
/** What a kubelet does with a new session. */
let serve: (server: SpdyServer) => void;
let onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
const streams: Duplex[] = [];
const sockets = new Set<Socket>();

beforeEach(async () => {
  upgrades = [];
  servers = [];
  serve = (server) => {
    server.onData = (stream, chunk) => server.send(stream, `echo ${chunk}`);
  };
  onUpgrade = (_, socket) => switchToSpdy(socket);
  http = createServer();
  http.on('connection', (socket) => sockets.add(socket));
  http.on('upgrade', (request, socket, head) => {
    upgrades.push(request);
    socket.on('error', () => {});
    onUpgrade(request, socket, head);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  // No machine is so busy that a session looks wedged to it.
  startSessions(10_000);
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.destroy();
  sessions.close();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise((resolve) => http.close(resolve));
});

function startSessions(replyMs: number): void {
  const { port } = http.address() as AddressInfo;
  sessions = new PortForwardSessions(connectTo(`http://127.0.0.1:${port}`), { replyMs });
}

function switchToSpdy(socket: Duplex): void {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n');
  const server = new SpdyServer(socket as Socket);
  servers.push(server);
  serve(server);
}

async function dial(pod = 'web-1', port = 8080, timeout = 1000): Promise<Duplex> {
  const stream = await sessions.dial('dev', pod, port, timeout);
  stream.on('error', () => {});
  streams.push(stream);
  return stream;
}

async function echoOf(stream: Duplex, text: string): Promise<string> {
  stream.write(text);
  const [chunk] = (await once(stream, 'data')) as [Buffer];
  return chunk.toString();
}

const refuse = (server: SpdyServer, text: string) => {
  server.onStream = ({ id }) => {
    if (server.streams.length % 2 > 0) return;
    const [errors, data] = server.streams.slice(-2);
    if (id !== data?.id) return;
    server.send(errors, text);
    server.send(errors, '', true);
    server.send(data, '', true);
  };
};

describe('dials', () => {
  it('of a port of a pod share a session', async () => {
    const all = await Promise.all([dial(), dial(), dial()]);
    expect(await Promise.all(all.map((stream, index) => echoOf(stream, String(index))))).toEqual([
      'echo 0',
      'echo 1',
      'echo 2',
    ]);
    await dial();
    expect(upgrades).toHaveLength(1);
    const [{ method, url, headers } = {} as IncomingMessage] = upgrades;
    expect([method, url]).toEqual(['POST', '/api/v1/namespaces/dev/pods/web-1/portforward']);
    expect(headers).toMatchObject({
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
      'x-stream-protocol-version': 'portforward.k8s.io',
    });
  });

  it('of other ports and pods have their own', async () => {
    await Promise.all([dial('web-1', 80), dial('web-1', 81), dial('web-2', 80)]);
    expect(upgrades).toHaveLength(3);
  });

  it('open another session when the one is lost', async () => {
    await dial();
    servers[0]?.socket.destroy();
    await until('it is lost', () => streams[0]?.destroyed === true);
    expect(await echoOf(await dial(), 'x')).toBe('echo x');
    expect(upgrades).toHaveLength(2);
  });

  it('that meet a session dying go to another', async () => {
    (await dial()).destroy();
    if (servers[0]) servers[0].replies = false;
    const second = dial();
    await until('the session is asked', () => servers[0]?.streams.length === 4);
    servers[0]?.socket.destroy();
    expect(await echoOf(await second, 'x')).toBe('echo x');
  });

  it('that time out leave a wedged session to its streams', async () => {
    const first = await dial();
    if (servers[0]) servers[0].replies = false;
    await expect(dial('web-1', 8080, 30)).rejects.toThrow('pod web-1 could not be dialled within 30 ms');
    expect(await echoOf(await dial(), 'x')).toBe('echo x');
    expect(await echoOf(first, 'y')).toBe('echo y');
    expect(upgrades).toHaveLength(2);
  });

  it('go to another session when the one that was there does not take them in time', async () => {
    startSessions(50);
    const first = await dial();
    if (servers[0]) servers[0].replies = false;
    const all = await Promise.all([dial('web-1', 8080, 5000), dial('web-1', 8080, 5000)]);
    expect(await Promise.all(all.map((stream) => echoOf(stream, 'x')))).toEqual(['echo x', 'echo x']);
    expect(upgrades).toHaveLength(2);
    expect(await echoOf(first, 'y')).toBe('echo y');
  });

  it('do not open one session after the other where each is slow', async () => {
    startSessions(50);
    await dial();
    serve = (server) => {
      server.replies = false;
    };
    if (servers[0]) servers[0].replies = false;
    const both = [dial('web-1', 8080, 600), dial('web-1', 8080, 600)];
    for (const one of both) await expect(one).rejects.toThrow('could not be dialled within 600 ms');
    expect(upgrades).toHaveLength(2);
  });

  it('are given up while the session opens', async () => {
    onUpgrade = () => {};
    await expect(dial('web-1', 8080, 30)).rejects.toThrow('could not be dialled within 30 ms');
  });

  it('fail after the close', async () => {
    const stream = await dial();
    sessions.close();
    await until('its stream is gone', () => stream.destroyed);
    await expect(dial()).rejects.toThrow('closed');
  });
});

describe('a refusal', () => {
  it('is an error of the stream; the session stays', async () => {
    serve = (server) => refuse(server, 'connect: Connection refused');
    for (let times = 0; times < 2; times += 1) {
      const error = await dial().then(
        (stream) => stream.errored ?? once(stream, 'close').then(() => stream.errored),
        (error: unknown) => error,
      );
      expect(error).toMatchObject({ message: 'connect: Connection refused' });
    }
    expect(upgrades).toHaveLength(1);
  });

  it('that may come from a pod that is gone ends the session', async () => {
    serve = (server) => refuse(server, 'container not running');
    const first = await dial().catch(() => undefined);
    await until('it is gone', () => first === undefined || first.destroyed);
    serve = () => {};
    await dial();
    expect(upgrades).toHaveLength(2);
  });
});

describe('a server that does not upgrade', () => {
  const answer = (socket: Duplex, status: string, body = '') =>
    socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);

  it('is asked over WebSocket from then on', async () => {
    const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
    onUpgrade = (request, socket, head) => {
      if (request.method === 'POST') answer(socket, '400 Bad Request');
      else
        webSockets.handleUpgrade(request, socket, head, (webSocket) => {
          for (const channel of [0, 1]) webSocket.send(Buffer.from([channel, 0, 0]));
          webSocket.on('message', (message: Buffer) => webSocket.send(message));
        });
    };
    expect(await echoOf(await dial(), 'x')).toBe('x');
    expect(await echoOf(await dial(), 'y')).toBe('y');
    expect(upgrades.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
  });

  it('to WebSocket either is asked again each time, and its first answer is the error', async () => {
    const status = JSON.stringify({ kind: 'Status', message: 'pod web-1 does not have a host assigned' });
    onUpgrade = (_, socket) => answer(socket, '400 Bad Request', status);
    for (let times = 0; times < 2; times += 1) await expect(dial()).rejects.toThrow('does not have a host assigned');
    expect(upgrades.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST', 'GET']);
  });

  it('because it has too much to do is not asked over WebSocket', async () => {
    onUpgrade = (_, socket) =>
      socket.end('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    await expect(dial()).rejects.toMatchObject({ status: 429, retryAfter: 2000 });
    expect(upgrades).toHaveLength(1);
  });

  it('because there is no such pod is not asked over WebSocket', async () => {
    onUpgrade = (_, socket) =>
      answer(socket, '404 Not Found', JSON.stringify({ kind: 'Status', message: 'pods "web-1" not found' }));
    await expect(dial()).rejects.toThrow('pods "web-1" not found');
    expect(upgrades).toHaveLength(1);
  });
});
