import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/adapters/clock/system-clock.ts';
import { PortForwardSessions } from '../../../src/adapters/kubernetes/port-forward-sessions.ts';
import { type Forward, startForward } from '../../../src/engine/forward.ts';
import { PodTraffic } from '../../../src/engine/pod-traffic.ts';
import { createFakeKubernetes } from '../../fakes/kubernetes.ts';
import { createRecordedStore } from '../../fakes/store.ts';
import { podChanged, samplePod, sampleProject, started } from '../../support/sample.ts';
import { type StreamsApi, startStreamsApi } from './support/api.ts';
import { listenIn, type Target } from './support/targets.ts';

let api: StreamsApi;
let sessions: PortForwardSessions;
let forward: Forward;
let target: Target | undefined;
let port: number;
const clients: Socket[] = [];

// From a client's socket over devloop's listener, SPDY and the sandbox's API server to a program's socket, and back.
beforeEach(async () => {
  api = await startStreamsApi();
  sessions = new PortForwardSessions(api.connection);
  const kubernetes = { ...createFakeKubernetes(), dial: sessions.dial };
  const store = createRecordedStore(systemClock.now);
  store.dispatch(started(sampleProject(['backend'])));
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  const spec = { local: port, remote: 8080 };
  forward = startForward(server, spec, 'backend', kubernetes, systemClock, store, new PodTraffic(systemClock));
  store.dispatch(podChanged({ ...samplePod('backend'), name: 'web-1', namespace: 'dev' }));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await forward.close();
  sessions.close();
  await api.close();
  await target?.close();
  target = undefined;
});

async function listen(onConnection: (socket: Socket) => void): Promise<void> {
  target = await listenIn(api.node, 8080, onConnection);
}

function open(): Socket {
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('half of a connection', () => {
  test('may be ended by the client: it gets its answer', async () => {
    await listen((socket) => {
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.on('end', () => socket.end(`all of ${text}`));
    });
    const client = open();
    client.end('question');
    expect(await readAll(client)).toBe('all of question');
  });

  test('may be ended by the program: it hears what the client says after that', async () => {
    let heard = '';
    await listen((socket) => {
      socket.on('data', (chunk) => (heard += String(chunk)));
      socket.end('first');
    });
    const client = open();
    expect(await readAll(client)).toBe('first');
    client.write('and more');
    const [socket] = target?.sockets ?? [];
    if (socket && heard === '') await once(socket, 'data');
    expect(heard).toBe('and more');
  });

  test('that the program ends with its answer is an end for the client, that resets it is a reset', async () => {
    await listen((socket) =>
      socket.on('data', (chunk) => {
        if (String(chunk) === 'end') socket.end('bye');
        else socket.write('half', () => socket.resetAndDestroy());
      }),
    );
    const [ended, reset] = [open(), open()];
    ended.write('end');
    expect(await readAll(ended)).toBe('bye');
    reset.write('reset');
    await expect(readAll(reset)).rejects.toThrow('ECONNRESET');
  });
});

test('200 connections at once each get their own answer', async () => {
  await listen((socket) => socket.pipe(socket));
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const client = open();
      client.write(`hello ${index} `);
      client.end('x'.repeat(20_000));
      return readAll(client);
    }),
  );
  expect(answers.map((text) => text.slice(0, text.indexOf('x')))).toEqual(answers.map((_, index) => `hello ${index} `));
  expect(answers.every((text) => text.endsWith('x'.repeat(20_000)))).toBe(true);
  expect(api.upgrades.length).toBeLessThan(10);
});

test('30 MB go there and back whole', async () => {
  await listen((socket) => socket.pipe(socket));
  const client = open();
  const [there, back] = [createHash('sha1'), createHash('sha1')];
  let received = 0;
  client.on('data', (chunk: Buffer) => {
    back.update(chunk);
    received += chunk.length;
  });
  const ended = once(client, 'end');
  const piece = Buffer.alloc(1_000_000);
  for (let index = 0; index < 30; index += 1) {
    // No two pieces are alike, nor is any part of one like another.
    for (let at = 0; at < piece.length; at += 1000) piece.writeUInt32LE(index * 1000 + at / 1000, at);
    const copy = Buffer.from(piece);
    there.update(copy);
    if (!client.write(copy)) await once(client, 'drain');
  }
  client.end();
  await ended;
  expect([received, back.digest('hex')]).toEqual([30_000_000, there.digest('hex')]);
}, 120_000);
