import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PodStream } from '../../../src/adapters/kubernetes/pod-stream.ts';
import { SpdySession } from '../../../src/adapters/kubernetes/spdy/session.ts';
import { encodeFrame } from '../../../src/lib/spdy/frames.ts';
import { until } from '../../fakes/ticks.ts';
import { type StreamsApi, startStreamsApi } from './support/api.ts';
import { upgradeToSpdy } from './support/exec-clients.ts';
import { listenIn, type Target } from './support/targets.ts';

const path = '/api/v1/namespaces/dev/pods/web-1/portforward';

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

describe('a session', () => {
  const listener = (heard: string[]) => ({
    replied: () => heard.push('replied'),
    data: (chunk: Buffer) => heard.push(chunk.toString()),
    ended: () => heard.push('ended'),
    lost: (error: Error) => heard.push(error.message),
  });

  test('answers pings', async () => {
    const socket = await upgradeToSpdy(api, path, 'portforward.k8s.io');
    ends.push(() => socket.destroy());
    const ping = encodeFrame({ type: 'ping', id: 7 });
    socket.write(ping);
    expect((await once(socket, 'data'))[0]).toEqual(ping);
  });

  test('that is held back notices by its pings that the client has gone', async () => {
    await listen((socket) => socket.pause());
    const session = new SpdySession(await upgradeToSpdy(api, path, 'portforward.k8s.io'));
    const stream = new PodStream(session, 8080, 1, () => {});
    stream.write(Buffer.alloc(32 << 20));
    await until('the session is held back', () => api.clock.pending() === 1);
    session.close();
    await until('the stream is over', () => {
      api.clock.advance(15_000);
      return api.open() === 0;
    });
    expect(api.clock.pending()).toBe(0);
  });

  test('closes when the client says goodbye', async () => {
    const session = new SpdySession(await upgradeToSpdy(api, path, 'portforward.k8s.io'));
    session.retire();
    await until('the stream is over', () => api.open() === 0);
  });

  test.each([
    ['no port', { streamtype: 'data' }],
    ['port 0', { streamtype: 'data', port: '0' }],
    ['port 70000', { streamtype: 'data', port: '70000' }],
    ['no type', { port: '80' }],
    ['another type', { streamtype: 'stdin', port: '80' }],
  ])('resets a stream with %s', async (_, headers: Record<string, string>) => {
    const session = new SpdySession(await upgradeToSpdy(api, path, 'portforward.k8s.io'));
    ends.push(() => session.close());
    const heard: string[] = [];
    session.open(headers, listener(heard));
    await until('it is reset', () => heard.length > 0);
    expect(heard).toEqual(['the stream was reset (SPDY status 3)']);
  });

  test('takes pairs without a request id, as they came from old clients', async () => {
    await listen((socket) => socket.end('hello'));
    const session = new SpdySession(await upgradeToSpdy(api, path, 'portforward.k8s.io'));
    ends.push(() => session.close());
    const heard: string[] = [];
    session.open({ streamtype: 'error', port: '8080' }, listener([]));
    session.open({ streamtype: 'data', port: '8080' }, listener(heard));
    await until('it has ended', () => heard.includes('ended'));
    expect(heard).toEqual(['replied', 'hello', 'ended']);
  });

  test('gives up a pair whose second stream does not come', async () => {
    const session = new SpdySession(await upgradeToSpdy(api, path, 'portforward.k8s.io'));
    ends.push(() => session.close());
    const heard: string[] = [];
    session.open({ streamtype: 'error', port: '8080', requestid: '7' }, listener(heard));
    await until('it is taken', () => api.clock.pending() === 1);
    api.clock.advance(30_000);
    await until('it has ended', () => heard.includes('ended'));
    expect(heard).toEqual(['replied', '(request=7) timed out waiting for streams', 'ended']);
  });

  test('closes on bytes that are no SPDY', async () => {
    const socket = await upgradeToSpdy(api, path, 'portforward.k8s.io');
    socket.on('error', () => {});
    socket.write(Buffer.from([0x80, 9, 0, 1, 0, 0, 0, 0]));
    socket.resume();
    await once(socket, 'close');
    await until('the stream is over', () => api.open() === 0);
  });
});
