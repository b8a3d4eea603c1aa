import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type WebSocket from 'ws';
import { dialWebSocket } from '../../src/adapters/kubernetes/dial-websocket.ts';
import { type FakeApiServer, sendPortHeaders, startApiServer } from '../fakes/api-server.ts';
import { until } from '../fakes/ticks.ts';

let server: FakeApiServer;
const streams: Duplex[] = [];
beforeEach(async () => {
  server = await startApiServer();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.destroy();
  await server.close();
});

const data = (text: string | Buffer) => Buffer.concat([Buffer.from([0]), Buffer.from(text)]);
const errorText = (text: string) => Buffer.concat([Buffer.from([1]), Buffer.from(text)]);

async function open(timeout = 5000): Promise<Duplex> {
  const stream = await dialWebSocket(server.connection, 'dev', 'web-1', 8080, timeout);
  streams.push(stream);
  return stream;
}

/** What a stream says, and how it ends. */
function listen(stream: Duplex) {
  const heard = { text: '', error: '', closed: false };
  stream.on('data', (chunk: Buffer) => {
    heard.text += chunk.toString();
  });
  stream.on('error', (error) => {
    heard.error = error.message;
  });
  stream.on('close', () => {
    heard.closed = true;
  });
  return heard;
}

describe('a dialled stream', () => {
  it('asks for the port of the pod, and carries bytes both ways without the headers', async () => {
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      socket.on('message', (message: Buffer) => socket.send(data(`echo ${message.subarray(1).toString()}`)));
    };
    const stream = await open();
    const heard = listen(stream);
    stream.write('ping');
    await until('it is answered', () => heard.text === 'echo ping');
    const [{ url } = { url: undefined }] = server.requests;
    expect(`${url?.pathname}${url?.search}`).toBe('/api/v1/namespaces/dev/pods/web-1/portforward?ports=8080');
  });

  it('loses nothing of what arrives together with the answer to its dial', async () => {
    server.beforeUpgrade = (socket) => socket.cork();
    server.accept = (webSocket, _, socket) => {
      sendPortHeaders(webSocket, 8080);
      webSocket.send(data('220 hello\r\n'));
      socket.uncork();
    };
    const heard = listen(await open());
    await until('it is greeted', () => heard.text !== '');
    expect(heard.text).toBe('220 hello\r\n');
  });

  it('hears of a refusal that arrives together with the answer to its dial', async () => {
    server.beforeUpgrade = (socket) => socket.cork();
    server.accept = (webSocket, _, socket) => {
      sendPortHeaders(webSocket, 8080);
      webSocket.send(errorText('connection refused'));
      socket.uncork();
    };
    await expect(open()).rejects.toThrow('connection refused');
  });

  it('fails with what the error channel says', async () => {
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      socket.on('message', () => socket.send(errorText('error forwarding port 8080 to pod: connection refused\n')));
    };
    const stream = await open();
    const heard = listen(stream);
    stream.write('GET /');
    await until('it fails', () => heard.closed);
    expect(heard).toEqual({ text: '', error: 'error forwarding port 8080 to pod: connection refused', closed: true });
  });

  it('passes over channels that it does not know', async () => {
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      socket.send(Buffer.from([4, 1, 2]));
      socket.send(data('x'));
    };
    const heard = listen(await open());
    await until('it hears', () => heard.text === 'x');
    expect(heard.error).toBe('');
  });

  it('ends when the far side closes, after all that was sent', async () => {
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      for (let index = 0; index < 100; index += 1) socket.send(data('0123456789'));
      socket.close();
    };
    const heard = listen(await open());
    await until('it ends', () => heard.closed);
    expect([heard.text.length, heard.error]).toEqual([1000, '']);
  });

  it('keeps what was sent before the close for a reader that is slow', async () => {
    let closed = false;
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      socket.send(data(Buffer.alloc(30_000, 'a')));
      socket.close();
      socket.on('close', () => {
        closed = true;
      });
    };
    const stream = await open();
    const heard = listen(stream);
    stream.pause();
    await until('the far side is gone', () => closed);
    await new Promise((resolve) => setTimeout(resolve, 20));
    stream.resume();
    await until('it ends', () => heard.closed);
    expect(heard.text).toHaveLength(30_000);
  });

  it('brings megabytes whole, slow reader or not', async () => {
    const block = Buffer.alloc(64 * 1024, 'b');
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      for (let index = 0; index < 64; index += 1) socket.send(data(block));
      socket.close();
    };
    const stream = await open();
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size % (1024 * 1024) < chunk.length) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(size).toBe(64 * block.length);
  });

  it('closes the connection when it is destroyed', async () => {
    let far: WebSocket | undefined;
    let gone = false;
    server.accept = (socket) => {
      far = socket;
      socket.on('close', () => {
        gone = true;
      });
    };
    const stream = await open();
    stream.destroy();
    await until('the far side sees it', () => gone);
    expect(far?.readyState).toBe(3);
  });

  it('closes also when it is destroyed while it is held back', async () => {
    let gone = false;
    server.accept = (socket) => {
      sendPortHeaders(socket, 8080);
      for (let index = 0; index < 64; index += 1) socket.send(data(Buffer.alloc(64 * 1024)));
      socket.on('close', () => {
        gone = true;
      });
    };
    const stream = await open();
    stream.pause();
    await new Promise((resolve) => setTimeout(resolve, 20));
    stream.destroy();
    await until('the far side sees it', () => gone);
    expect(gone).toBe(true);
  });

  it('ends when the connection is cut', async () => {
    server.accept = (socket) => sendPortHeaders(socket, 8080);
    const heard = listen(await open());
    server.cut();
    await until('it ends', () => heard.closed);
    expect(heard.closed).toBe(true);
  });
});

describe('a dial', () => {
  it('is given up after its time', async () => {
    server.silent = true;
    await expect(dialWebSocket(server.connection, 'dev', 'web-1', 8080, 30)).rejects.toThrow(
      'pod web-1 could not be reached within 30 ms',
    );
  });

  it('to a server that does not answer fails', async () => {
    await server.close();
    await expect(open()).rejects.toThrow(/ECONNREFUSED/);
    server = await startApiServer();
  });

  it('that is refused says so', async () => {
    server.beforeUpgrade = (socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    await expect(open()).rejects.toThrow(/404/);
  });
});
