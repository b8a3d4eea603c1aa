import { once } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PortForward } from '@kubernetes/client-node';
import WebSocket from 'ws';
import { dialWebSocket } from '../../../src/adapters/kubernetes/dial-websocket.ts';
import { until } from '../../fakes/ticks.ts';
import { type StreamsApi, startStreamsApi } from './support/api.ts';
import { refusedUpgrade } from './support/exec-clients.ts';
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

describe('port-forward over WebSocket channels', () => {
  const dial = (port = 8080) => dialWebSocket(api.connection, 'dev', 'web-1', port, 3000);

  test('carries bytes both ways', async () => {
    await listen((socket) => socket.pipe(socket));
    const stream = await dial();
    stream.write('hello');
    expect(String((await once(stream, 'data'))[0])).toBe('hello');
    stream.destroy();
  });

  test('closes when the program has said all', async () => {
    await listen((socket) => socket.end('all of it'));
    expect(await readAll(await dial())).toBe('all of it');
    await until('the stream is over', () => api.open() === 0);
  });

  test('refuses in the words of the node', async () => {
    await expect(
      dial(4000).then(async (stream) => {
        await readAll(stream);
      }),
    ).rejects.toThrow(refused);
  });

  test('carries 20 MB there and back', async () => {
    await listen((socket) => socket.pipe(socket));
    const stream = await dial();
    let received = 0;
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    const piece = Buffer.alloc(1_000_000);
    for (let count = 0; count < 20; count += 1) if (!stream.write(piece)) await once(stream, 'drain');
    await until('all is back', () => received === 20_000_000);
    stream.destroy();
  });

  test('brings the last words of a client that closes at once', async () => {
    let text = '';
    await listen((socket) =>
      socket.on('data', (chunk) => {
        text += String(chunk);
      }),
    );
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}?ports=8080`, 'v4.channel.k8s.io');
    await once(socket, 'open');
    socket.send(Buffer.from('\0last words'));
    socket.close();
    await until('they have come', () => text === 'last words');
    await until('the stream is over', () => api.open() === 0);
  });

  test.each(['ports=8080&ports=8081', 'ports=8080,8081'])('has two channels for each of %s', async (query) => {
    await listen((socket) => socket.end('first'));
    await listen((socket) => socket.end('second'), 8081);
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}?${query}`, 'v4.channel.k8s.io');
    const heard = ['', '', '', ''];
    socket.on('message', (message: Buffer) => {
      heard[message[0] ?? 9] += message.toString('latin1', 1);
    });
    await once(socket, 'close');
    expect(heard).toEqual(['\x90\x1ffirst', '\x90\x1f', '\x91\x1fsecond', '\x91\x1f']);
  });

  test("serves client-node's PortForward", async () => {
    await listen((socket) => socket.on('data', (chunk) => socket.write(String(chunk).toUpperCase())));
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const forward = new PortForward(api.kubeConfig);
    const socket = (await forward.portForward('dev', 'web-1', [8080], output, errors, input)) as WebSocket;
    input.write('hello');
    expect(String((await once(output, 'data'))[0])).toBe('HELLO');
    socket.close();
    await until('the stream is over', () => api.open() === 0);
  });

  test.each([
    ['', 400, 'query parameter "port" is required'],
    ['?ports=0', 400, 'port "0" must be > 0'],
    ['?ports=x', 400, 'cannot convert to []int32: strconv.ParseUint: parsing \\"x\\": invalid syntax'],
    ['?ports=70000', 400, 'cannot convert to []int32: strconv.ParseUint: parsing \\"70000\\": value out of range'],
  ])('refuses %s', async (query, status, words) => {
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': 'v4.channel.k8s.io' };
    const answer = await refusedUpgrade(api, path + query, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(words);
  });

  test('refuses an unknown protocol', async () => {
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': 'v5.channel.k8s.io' };
    expect(await refusedUpgrade(api, `${path}?ports=1`, headers)).toMatchObject({ status: 403 });
  });

  test('refuses a pod without a node', async () => {
    delete api.pods.get('web-1')?.spec.nodeName;
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': 'v4.channel.k8s.io' };
    const { body } = await refusedUpgrade(api, `${path}?ports=1`, headers);
    expect(body).toContain('pod web-1 does not have a host assigned');
  });
});
