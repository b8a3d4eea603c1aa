import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import WebSocket from 'ws';
import { SpdySession } from '../../../../src/adapters/kubernetes/spdy/session.ts';
import type { SpdyStream } from '../../../../src/adapters/kubernetes/spdy/stream.ts';
import type { StreamsApi } from './api.ts';

/** What a client of exec has heard so far. */
export interface ExecHeard {
  stdout: string;
  stderr: string;
  /** How much has come on stdout, whatever it was. */
  stdoutSize: number;
  status: string;
  closed: boolean;
}

export interface ExecTestClient {
  readonly heard: ExecHeard;
  readonly writeStdin: (chunk: string | Buffer) => void;
  readonly endStdin: () => void;
  readonly drop: () => void;
}

const empty = (): ExecHeard => ({ stdout: '', stderr: '', stdoutSize: 0, status: '', closed: false });

export function execPath(command: readonly string[], flags = 'stdin=true&stdout=true&stderr=true'): string {
  const words = command.map((word) => `command=${encodeURIComponent(word)}`).join('&');
  return `/api/v1/namespaces/dev/pods/web-1/exec?${words}&${flags}`;
}

export async function execOverWebSocket(api: StreamsApi, path: string, protocol: string): Promise<ExecTestClient> {
  const heard = empty();
  const socket = new WebSocket(api.url.replace('http', 'ws') + path, protocol, {
    headers: { authorization: 'Bearer secret-token' },
  });
  socket.on('message', (message: Buffer) => {
    const text = message.toString('utf8', 1);
    if (message[0] === 1) heard.stdoutSize += message.length - 1;
    if (message[0] === 1 && heard.stdoutSize < 10_000) heard.stdout += text;
    if (message[0] === 2) heard.stderr += text;
    if (message[0] === 3) heard.status += text;
  });
  socket.on('close', () => {
    heard.closed = true;
  });
  await once(socket, 'open');
  return {
    heard,
    writeStdin: (chunk) => socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(chunk)])),
    endStdin: () => socket.send(Buffer.from([255, 0])),
    drop: () => socket.terminate(),
  };
}

export async function execOverSpdy(api: StreamsApi, path: string, protocol: string): Promise<ExecTestClient> {
  const heard = empty();
  const session = new SpdySession(await upgradeToSpdy(api, path, protocol), {
    onRetired: () => {
      heard.closed = true;
    },
  });
  const asked = new URL(path, api.url).searchParams;
  const stream = (streamtype: string, onText: (text: string, size: number) => void): SpdyStream =>
    session.open(
      { streamtype },
      { replied: () => {}, data: (chunk) => onText(chunk.toString(), chunk.length), ended: () => {}, lost: () => {} },
    );
  stream('error', (text) => {
    heard.status += text;
  });
  const stdin = asked.has('stdin') ? stream('stdin', () => {}) : undefined;
  if (asked.has('stdout'))
    stream('stdout', (text, size) => {
      heard.stdoutSize += size;
      if (heard.stdoutSize < 10_000) heard.stdout += text;
    });
  if (asked.has('stderr') && !asked.has('tty'))
    stream('stderr', (text) => {
      heard.stderr += text;
    });
  if (asked.has('tty')) stream('resize', () => {}).write(Buffer.from('{"Width":80,"Height":24}'), () => {});
  return {
    heard,
    writeStdin: (chunk) => stdin?.write(Buffer.from(chunk), () => {}),
    endStdin: () => stdin?.end(),
    drop: () => session.close(),
  };
}

/** @throws Error when the server does not switch */
export async function upgradeToSpdy(api: StreamsApi, path: string, protocol: string): Promise<Duplex> {
  const sent = request(api.url + path, {
    method: 'POST',
    headers: { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': protocol },
  });
  sent.end();
  const [, socket] = (await once(sent, 'upgrade')) as [IncomingMessage, Duplex];
  return socket;
}

/** What a request is answered with that wants to upgrade and may not. */
export async function refusedUpgrade(api: StreamsApi, path: string, headers: Record<string, string>) {
  const sent = request(api.url + path, {
    headers: {
      connection: 'Upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const body = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode, headers: response.headers, body };
}
