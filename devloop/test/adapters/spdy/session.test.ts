import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PodStream } from '../../../src/adapters/kubernetes/pod-stream.ts';
import { SpdySession } from '../../../src/adapters/kubernetes/spdy/session.ts';
import { ConnectionLost } from '../../../src/model/errors.ts';
import { createSocketPair, type FarStream, SpdyServer } from '../../fakes/spdy-server.ts';
import { until } from '../../fakes/ticks.ts';

let near: Socket;
let server: SpdyServer;
let session: SpdySession;
let retired: () => number;
const refusals: string[] = [];
const beatMs = 10;

beforeEach(() => start(60_000));
afterEach(stop);

async function start(beat: number): Promise<void> {
  const pair = await createSocketPair();
  near = pair.near;
  server = new SpdyServer(pair.far);
  refusals.length = 0;
  let times = 0;
  retired = () => times;
  session = new SpdySession(near, { beatMs: beat, onRetired: () => (times += 1) });
}

function stop(): void {
  session.close();
  server.socket.destroy();
}

async function restart(beat: number): Promise<void> {
  stop();
  await start(beat);
}

let requestId = 0;
async function open() {
  requestId += 1;
  const stream = new PodStream(session, 8080, requestId, (text) => refusals.push(text));
  const heard = { text: '', error: '', ended: false, closed: false };
  stream.on('error', (error) => {
    heard.error = error.message;
  });
  stream.on('end', () => {
    heard.ended = true;
  });
  stream.on('close', () => {
    heard.closed = true;
  });
  await stream.opened;
  const id = String(requestId);
  const far = (type: string): FarStream | undefined =>
    server.streams.find(({ headers }) => headers['requestid'] === id && headers['streamtype'] === type);
  await until('the error stream is half-closed', () => far('error')?.ended === true);
  const listen = () => stream.on('data', (chunk: Buffer) => (heard.text += chunk.toString()));
  return { stream, heard, listen, data: far('data'), errors: far('error') };
}

describe('a forwarded connection', () => {
  it('is a pair of streams, of which that of the errors is half-closed at once', async () => {
    const { data, errors } = await open();
    const id = String(requestId);
    expect(errors?.headers).toEqual({ streamtype: 'error', port: '8080', requestid: id });
    expect(data?.headers).toEqual({ streamtype: 'data', port: '8080', requestid: id });
    expect([errors?.id, data?.id, data?.ended]).toEqual([1, 3, false]);
  });

  it('carries bytes both ways', async () => {
    const { stream, heard, listen, data } = await open();
    listen();
    server.onData = (far, chunk) => server.send(far, `echo ${chunk}`);
    stream.write('ping');
    await until('it is answered', () => heard.text === 'echo ping');
    expect(data?.text).toBe('ping');
  });

  it('is one of many', async () => {
    server.onData = (far, chunk) => server.send(far, `${far.headers['requestid']}:${chunk}`);
    const all = await Promise.all(Array.from({ length: 50 }, open));
    for (const { stream, listen } of all) {
      listen();
      stream.write('x');
    }
    await until('all are answered', () => all.every(({ heard }) => /^\d+:x$/.test(heard.text)));
    expect(new Set(all.map(({ heard }) => heard.text)).size).toBe(50);
  });

  it('says its end, and reads on', async () => {
    const { stream, heard, listen, data, errors } = await open();
    listen();
    stream.end('question');
    await until('the pod sees the end', () => data?.ended === true);
    expect(data?.text).toBe('question');
    server.send(data, 'answer');
    await until('it hears', () => heard.text === 'answer');
    expect(heard.ended).toBe(false);
    server.send(errors, '', true);
    server.send(data, '', true);
    await until('it is over', () => heard.closed);
    expect(heard).toEqual({ text: 'answer', error: '', ended: true, closed: true });
    expect([data?.reset, errors?.reset]).toEqual([false, false]);
  });

  it('hears the end of the pod, and writes on', async () => {
    const { stream, heard, listen, data } = await open();
    listen();
    server.send(data, 'bye', true);
    await until('it ends', () => heard.ended);
    expect([heard.text, stream.writable]).toEqual(['bye', true]);
    stream.end('still');
    await until('the pod hears', () => data?.ended === true);
    expect(data?.text).toBe('still');
  });

  it('is over when the kubelet has ended both streams', async () => {
    const { heard, listen, data, errors } = await open();
    listen();
    server.send(errors, '', true);
    server.send(data, 'all', true);
    await until('it is over', () => heard.closed);
    expect(heard).toEqual({ text: 'all', error: '', ended: true, closed: true });
  });

  it.each([
    ['in one piece', 1000],
    ['in pieces of a byte', 1],
  ])('that is refused fails with the reason, %s', async (_, size) => {
    const { stream, heard, listen, data, errors } = await open();
    listen();
    stream.write('GET /');
    const before = server.write.bind(server);
    const parts: Buffer[] = [];
    server.write = (bytes) => parts.push(bytes);
    server.send(errors, 'error forwarding port 8080: ');
    server.send(errors, 'Connection refused\n');
    server.send(errors, '', true);
    server.send(data, '', true);
    const wire = Buffer.concat(parts);
    for (let at = 0; at < wire.length; at += size) before(wire.subarray(at, at + size));
    await until('it fails', () => heard.closed);
    expect(heard).toEqual({
      text: '',
      error: 'error forwarding port 8080: Connection refused',
      ended: false,
      closed: true,
    });
    expect(refusals).toEqual(['error forwarding port 8080: Connection refused']);
  });

  it('that is destroyed resets what is left of it', async () => {
    const { stream, data, errors } = await open();
    stream.destroy();
    await until('the pod sees it', () => data?.reset === true && errors?.reset === true);
    expect(session.usable()).toBe(true);
  });

  it('passes over what comes for streams that are gone, and over frames that it does not know', async () => {
    const { stream, data } = await open();
    stream.destroy();
    server.send(data, 'late');
    server.sendFrame({ type: 'other', number: 4, payload: Buffer.alloc(4) });
    server.sendFrame({ type: 'other', number: 9, payload: Buffer.alloc(8) });
    const second = await open();
    second.listen();
    server.send(second.data, 'x');
    await until('it hears', () => second.heard.text === 'x');
    expect(second.heard.error).toBe('');
  });

  it('refuses streams of the server, and answers its pings', async () => {
    server.sendFrame({ type: 'synStream', streamId: 2, fin: false, block: Buffer.alloc(0) });
    server.sendFrame({ type: 'ping', id: 6 });
    await until('it answers', () => server.frames.length === 2);
    expect(server.frames).toEqual([
      { type: 'rstStream', streamId: 2, status: 5 },
      { type: 'ping', id: 6 },
    ]);
  });
});

describe('backpressure', () => {
  it('brings megabytes whole both ways', async () => {
    const { stream, data } = await open();
    const block = Buffer.alloc(100_000, 'b');
    let [back, sent, whole] = [0, 0, true];
    server.onData = (_, chunk) => server.send(data, chunk);
    stream.on('data', (chunk: Buffer) => {
      back += chunk.length;
      whole &&= chunk.every((byte) => byte === 98);
    });
    for (; sent < 80; sent += 1)
      if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve));
    await until('all is back', () => back === 8_000_000);
    expect(whole).toBe(true);
  });

  it('holds a writer back whose server does not read', async () => {
    const { stream } = await open();
    server.socket.pause();
    let written = 0;
    let held = false;
    while (!held && written < 64 * 1024 * 1024) {
      written += 65_536;
      const wait =
        stream.write(Buffer.alloc(65_536)) || new Promise((resolve) => stream.once('drain', () => resolve(true)));
      held = !(await Promise.race([wait, new Promise((resolve) => setTimeout(() => resolve(false), 200))]));
    }
    expect(held).toBe(true);
    expect(near.writableLength + stream.writableLength).toBeLessThan(1024 * 1024);
  });

  it('stops reading for a reader that is slow, and takes no new streams then', async () => {
    const { stream, heard, listen, data, errors } = await open();
    server.onStream = () => {};
    for (let times = 0; times < 64; times += 1) server.send(data, Buffer.alloc(256 * 1024, 'a'));
    server.send(errors, '', true);
    server.send(data, '', true);
    await until('it is held back', () => near.isPaused());
    expect(stream.readableLength).toBeLessThan(1.5 * 1024 * 1024);
    expect(session.usable()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([session.usable(), retired()]).toEqual([false, 1]);
    listen();
    await until('it has all', () => heard.closed);
    expect(heard.text).toHaveLength(16 * 1024 * 1024);
  });

  it('reads on when the slow one is destroyed', async () => {
    const slow = await open();
    const other = await open();
    other.listen();
    for (let times = 0; times < 16; times += 1) server.send(slow.data, Buffer.alloc(256 * 1024, 'a'));
    server.send(other.data, 'x');
    await until('it is held back', () => near.isPaused());
    slow.stream.destroy();
    await until('the other hears', () => other.heard.text === 'x');
    expect(near.isPaused()).toBe(false);
  });
});

describe('a session that is lost', () => {
  const cut = () => server.socket.destroy();

  it('is an error of a connection on which nothing was sent', async () => {
    const { heard, listen } = await open();
    listen();
    cut();
    await until('it ends', () => heard.closed);
    expect(heard.error).toBe('the connection was closed');
  });

  it('is told apart for one that the pod may have got', async () => {
    const { stream, heard, listen, data } = await open();
    listen();
    stream.write('POST /');
    await until('the pod has it', () => data?.text === 'POST /');
    cut();
    await until('it ends', () => heard.closed);
    expect(stream.errored).toBeInstanceOf(ConnectionLost);
  });

  it('is an error within an answer', async () => {
    const { stream, heard, listen, data } = await open();
    listen();
    stream.write('GET /');
    server.send(data, 'half an ans');
    await until('it hears', () => heard.text !== '');
    cut();
    await until('it ends', () => heard.closed);
    expect(heard.error).toBe('the connection was closed');
  });

  it('takes no new streams', async () => {
    cut();
    await until('it is retired', () => !session.usable());
    expect(() => new PodStream(session, 80, 1, () => {})).toThrow('takes no new streams');
    expect(retired()).toBe(1);
  });

  it.each([
    ['speaks something else', Buffer.from('8002000600000004', 'hex')],
    ['sends a frame without end', Buffer.from('8003000400ffffff', 'hex')],
  ])('is also one whose server %s', async (_, wire) => {
    const { heard, listen } = await open();
    listen();
    server.write(Buffer.concat([wire, Buffer.alloc(4)]));
    await until('it ends', () => heard.closed);
    expect(heard.error).toMatch(/SPDY/);
    expect(session.usable()).toBe(false);
  });

  it('fails the streams that have no answer yet', async () => {
    server.replies = false;
    const stream = new PodStream(session, 80, 1, () => {});
    cut();
    await expect(stream.opened).rejects.toThrow();
  });
});

describe('the server', () => {
  it('that resets a stream fails it', async () => {
    const { heard, listen, data } = await open();
    listen();
    server.sendFrame({ type: 'rstStream', streamId: data?.id ?? 0, status: 3 });
    await until('it fails', () => heard.closed);
    expect(heard.error).toBe('the stream was reset (SPDY status 3)');
  });

  it('that says goodbye gets no new streams; those that it has go on', async () => {
    const { heard, listen, data, errors, stream } = await open();
    listen();
    server.sendFrame({ type: 'goAway', lastGoodStreamId: 0, status: 0 });
    await until('it is retired', () => retired() === 1);
    server.send(data, 'x');
    await until('it hears', () => heard.text === 'x');
    server.send(errors, '', true);
    server.send(data, '', true);
    await until('it is over', () => heard.closed && near.destroyed);
    expect(stream.errored).toBeNull();
  });
});

describe('beats', () => {
  it('end an idle session with a goodbye', async () => {
    await restart(beatMs);
    await until('it is closed', () => near.destroyed);
    expect(server.frames).toEqual([{ type: 'goAway', lastGoodStreamId: 0, status: 0 }]);
    expect(retired()).toBe(1);
  });

  it('ping while there are streams, and leave a session that answers', async () => {
    await restart(beatMs * 3);
    await open();
    await until('it pings', () => server.frames.filter(({ type }) => type === 'ping').length >= 3);
    expect([session.usable(), near.destroyed]).toEqual([true, false]);
  });

  it('retire a session that does not answer, and give it up after a while', async () => {
    await restart(beatMs);
    const { heard, listen } = await open();
    listen();
    server.replies = false;
    await until('it is retired', () => retired() === 1);
    expect(near.destroyed).toBe(false);
    await until('it is given up', () => heard.closed);
    expect(heard.error).toBe('the connection has gone silent');
  });
});
