import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import WebSocket, { createWebSocketStream } from 'ws';
import { PodStream } from '../../../src/adapters/kubernetes/pod-stream.ts';
import { PortForwardSessions } from '../../../src/adapters/kubernetes/port-forward-sessions.ts';
import { SpdySession } from '../../../src/adapters/kubernetes/spdy/session.ts';
import { until } from '../../fakes/ticks.ts';
import { type StreamsApi, startStreamsApi } from './support/api.ts';
import { listenIn, type Target } from './support/targets.ts';

const path = '/api/v1/namespaces/dev/pods/web-1/portforward';
const refused =
  'error forwarding port 4000 to pod uid-of-web-1, uid : dial tcp4 127.0.0.1:4000: connect: connection refused';

let api: StreamsApi;
let targets: Target[];
let ends: (() => void)[];
beforeEach(async () => {
  api = await startStreamsApi();
  targets = [];
  ends = [];
});
afterEach(async () => {
  for (const end of ends) end();
  await api.close();
  for (const target of targets) await target.close();
});

async function listen(onConnection: Parameters<typeof listenIn>[2], port = 8080): Promise<Target> {
  const target = await listenIn(api.node, port, onConnection);
  targets.push(target);
  return target;
}

async function readAll(stream: Duplex): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** Sends so much and counts what comes back. */
async function transfer(stream: Duplex, size: number): Promise<number> {
  let received = 0;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  const piece = Buffer.alloc(1 << 20, 'x');
  for (let sent = 0; sent < size; sent += piece.length)
    if (!stream.write(piece.subarray(0, size - sent))) await once(stream, 'drain');
  stream.end();
  await once(stream, 'end');
  return received;
}

type Dial = (port?: number) => Promise<Duplex>;

/** The error of a dial, which may come while it is being handed on. */
async function refusalOf(dial: Dial): Promise<unknown> {
  const stream = await dial(4000).catch((error: Error) => error);
  if (stream instanceof Error) return stream;
  return stream.errored ?? (await once(stream, 'error'))[0];
}

const overSpdy = (): Dial => {
  // On a busy machine a session that takes its time would count as wedged.
  const sessions = new PortForwardSessions(api.connection, { replyMs: 3000 });
  ends.push(() => sessions.close());
  return (port = 8080) => sessions.dial('dev', 'web-1', port, 3000);
};

const tunnel = 'SPDY/3.1+portforward.k8s.io';

/** `ws` takes no protocol with a slash in its name, so that its header is set and read behind its back. */
function openTunnel(): WebSocket {
  return new WebSocket(api.url.replace('http', 'ws') + path, {
    finishRequest: (request) => {
      request.setHeader('sec-websocket-protocol', tunnel);
      request.prependListener('upgrade', (response: IncomingMessage) => {
        expect(response.headers['sec-websocket-protocol']).toBe(tunnel);
        delete response.headers['sec-websocket-protocol'];
      });
      request.end();
    },
  });
}

const overTunnel = (): Dial => {
  let opening: Promise<SpdySession> | undefined;
  let id = 0;
  const open = async () => {
    const socket = openTunnel();
    await once(socket, 'open');
    const session = new SpdySession(createWebSocketStream(socket));
    ends.push(() => session.close());
    return session;
  };
  return async (port = 8080) => {
    opening ??= open();
    id += 1;
    const own = id;
    const stream = new PodStream(await opening, port, own, () => {});
    await stream.opened;
    return stream;
  };
};

describe.each([
  ['SPDY', overSpdy, 40],
  ['SPDY in a WebSocket', overTunnel, 20],
] as const)('port-forward over %s', (_, create, megabytes) => {
  let dial: Dial;
  beforeEach(() => {
    dial = create();
  });

  test('carries bytes both ways', async () => {
    await listen((socket) => socket.on('data', (chunk) => socket.write(`echo ${String(chunk)}`)));
    const stream = await dial();
    stream.write('one');
    expect(String((await once(stream, 'data'))[0])).toBe('echo one');
    stream.write('two');
    expect(String((await once(stream, 'data'))[0])).toBe('echo two');
  });

  test('brings an answer to a client that has ended', async () => {
    await listen((socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('end', () => socket.end(`all of ${text}`));
    });
    const stream = await dial();
    stream.end('question');
    expect(await readAll(stream)).toBe('all of question');
  });

  test('takes more from a client when the program has ended its side', async () => {
    const target = await listen((socket) => socket.end('bye'));
    const stream = await dial();
    const ended = once(stream, 'end');
    expect(String((await once(stream, 'data'))[0])).toBe('bye');
    await ended;
    stream.write('still here');
    const [socket] = target.sockets;
    if (socket) expect(String((await once(socket, 'data'))[0])).toBe('still here');
  });

  test('tells the client after a second that the program says no more', async () => {
    await listen((socket) => socket.end('bye'));
    const stream = await dial();
    stream.resume();
    await once(stream, 'end');
    await until('the server waits', () => api.clock.pending() === 1);
    expect(stream.writableEnded).toBe(false);
    const finished = once(stream, 'finish');
    api.clock.advance(1000);
    await finished;
  });

  test('refuses in the words of the node', async () => {
    expect(await refusalOf(dial)).toMatchObject({ message: refused });
  });

  test('refuses what a fault refuses, and takes the next', async () => {
    await listen((socket) => socket.end('hello'), 4000);
    api.faults.refuseForwards = true;
    expect(await refusalOf(dial)).toMatchObject({ message: refused });
    expect(targets[0]?.sockets).toHaveLength(0);
    api.faults.refuseForwards = false;
    expect(await readAll(await dial(4000))).toBe('hello');
  });

  test('has 50 connections in one session', async () => {
    await listen((socket) => socket.pipe(socket));
    const streams = await Promise.all(Array.from({ length: 50 }, () => dial()));
    const texts = await Promise.all(
      streams.map((stream, index) => {
        stream.end(`number ${index}`);
        return readAll(stream);
      }),
    );
    expect(texts).toEqual(streams.map((_, index) => `number ${index}`));
    expect(api.upgrades).toHaveLength(1);
  });

  test(`carries ${megabytes} MB there and back`, async () => {
    await listen((socket) => socket.pipe(socket));
    const size = megabytes * 1_000_000;
    expect(await transfer(await dial(), size)).toBe(size);
  });

  test('waits for a program that does not read', async () => {
    const target = await listen((socket) => socket.pause());
    const stream = await dial();
    const piece = Buffer.alloc(1 << 20);
    let taken = 0;
    const write = () => {
      for (; taken < 32 && !stream.writableNeedDrain; taken += 1) stream.write(piece);
    };
    stream.on('drain', write);
    write();
    await until('the session is held back', () => api.clock.pending() === 1);
    expect(taken).toBeLessThan(32);
    // Masked and framed, 32 MB take many seconds on a machine that does much else: what counts is that they come.
    await new Promise<void>((resolve) => {
      let received = 0;
      target.sockets[0]?.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received === 32 * piece.length) resolve();
      });
      target.sockets[0]?.resume();
    });
    expect(api.clock.pending()).toBe(0);
  });

  test('resets what the program resets', async () => {
    await listen((socket) => socket.once('data', () => socket.write('half', () => socket.resetAndDestroy())));
    const stream = await dial();
    stream.write('question');
    await expect(readAll(stream)).rejects.toThrow(/reset/);
  });

  test('lets go of the program when the client goes', async () => {
    const target = await listen((socket) => socket.resume());
    const stream = await dial();
    stream.write('x');
    await until('it is connected', () => target.sockets.length === 1);
    stream.destroy();
    await until('it has ended', () => target.sockets[0]?.readableEnded === true);
  });

  test('ends with its connection', async () => {
    const target = await listen(() => {});
    const stream = await dial();
    stream.on('error', () => {});
    stream.write('x');
    await until('it is connected', () => target.sockets.length === 1);
    target.sockets[0]?.resume();
    for (const socket of api.sockets) socket.destroy();
    await until(
      'it is closed',
      () => target.sockets[0]?.readableEnded === true || target.sockets[0]?.destroyed === true,
    );
    await until('the stream is over', () => api.open() === 0);
    expect(api.clock.pending()).toBe(0);
  });
});
