import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type WebSocket from 'ws';
import { execInContainer } from '../../src/adapters/kubernetes/exec-stream.ts';
import { type FakeApiServer, startApiServer } from '../fakes/api-server.ts';
import { faultOf } from '../fakes/fault-of.ts';
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

const message = (channel: number, content: string | Buffer) =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(content)]);
const stdout = (content: string | Buffer) => message(1, content);
const stderr = (content: string) => message(2, content);
const success = message(3, '{"metadata":{},"status":"Success"}');
const exitCode = (code: number) =>
  message(
    3,
    JSON.stringify({
      status: 'Failure',
      message: `command terminated with exit code ${code}`,
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
    }),
  );

async function open(timeout = 5000): Promise<Duplex> {
  const command = ['sh', '-c', 'cat & wait'];
  const stream = await execInContainer(server.connection, 'dev', 'web-1', 'web', command, timeout);
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

/** The error of a program that fails, at once or later. */
async function failure(): Promise<string> {
  try {
    const heard = listen(await open());
    await until('it fails', () => heard.closed);
    return heard.error;
  } catch (error) {
    return (error as Error).message;
  }
}

const what = 'sh in container web of pod web-1';

describe('a program in a container', () => {
  it('is asked for by its words, and has a stdin and a stdout', async () => {
    server.accept = (socket) =>
      socket.on('message', (content: Buffer) => socket.send(stdout(`${content[0]} ${content.subarray(1).toString()}`)));
    const stream = await open();
    const heard = listen(stream);
    stream.write('ping');
    await until('it is answered', () => heard.text === '0 ping');
    const [{ url } = { url: undefined }] = server.requests;
    expect(url?.pathname).toBe('/api/v1/namespaces/dev/pods/web-1/exec');
    expect([...(url?.searchParams ?? [])]).toEqual([
      ['container', 'web'],
      ['stdin', 'true'],
      ['stdout', 'true'],
      ['stderr', 'true'],
      ['command', 'sh'],
      ['command', '-c'],
      ['command', 'cat & wait'],
    ]);
  });

  it('that succeeds ends the stream after all that it printed, stderr left out', async () => {
    server.accept = (socket) => {
      socket.send(stdout(''));
      for (let index = 0; index < 100; index += 1) socket.send(stdout('0123456789'));
      socket.send(stderr('a warning'));
      socket.send(success);
      socket.close();
    };
    const heard = listen(await open());
    await until('it ends', () => heard.closed);
    expect([heard.text.length, heard.error]).toEqual([1000, '']);
  });

  it('that fails fails the stream with its exit code and its last words', async () => {
    server.accept = (socket) => {
      socket.send(stderr(`${'x'.repeat(5000)}\n`));
      socket.send(stderr("sh: can't open '/.devloop/agent.sh'\n"));
      socket.send(exitCode(2));
      socket.close();
    };
    const error = await failure();
    expect(error).toMatch(
      /^sh in container web of pod web-1: exit code 2: x+\nsh: can't open '\/\.devloop\/agent\.sh'$/,
    );
    expect(error.length).toBeLessThan(1200);
  });

  it('that fails is read to its end before', async () => {
    server.accept = (socket) => {
      socket.send(stdout('refused\n'));
      socket.send(stdout(Buffer.alloc(200_000, 'b')));
      socket.send(exitCode(1));
      socket.close();
    };
    const stream = await open();
    let size = 0;
    const reading = (async () => {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        size += chunk.length;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    await expect(reading).rejects.toThrow(`${what}: exit code 1`);
    expect(size).toBe(200_008);
  });

  it.each([
    ['{"status":"Failure","message":"container not running"}', 'container not running'],
    ['{"status":"Failure"}', 'it failed'],
    ['no JSON\n', 'no JSON'],
  ])('that could not be started says why: %s', async (status, why) => {
    server.accept = (socket) => {
      socket.send(message(3, status));
      socket.close();
    };
    expect(await failure()).toBe(`${what}: ${why}`);
  });

  it('whose connection is cut has not succeeded', async () => {
    server.accept = (socket) => socket.send(stdout('x'));
    const heard = listen(await open());
    await until('it is there', () => heard.text === 'x');
    server.cut();
    await until('it fails', () => heard.closed);
    expect(heard.error).toBe(`${what}: the connection was cut off`);
  });

  it('takes as much as it reads, no faster', async () => {
    let far: WebSocket | undefined;
    let size = 0;
    server.accept = (socket) => {
      far = socket;
      socket.pause();
      socket.on('message', (content: Buffer) => {
        size += content.length - 1;
      });
    };
    const stream = await open();
    const block = Buffer.alloc(64 * 1024, 'c');
    let sent = 0;
    const writing = (async () => {
      for (; sent < 512; sent += 1) if (!stream.write(block)) await once(stream, 'drain');
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toBeLessThan(512);
    await until('it is accepted', () => far !== undefined);
    far?.resume();
    await writing;
    await until('all has come', () => size === 512 * block.length);
    expect(stream.destroyed).toBe(false);
  });

  it('is left when the stream is destroyed', async () => {
    let gone = false;
    server.accept = (socket) => socket.on('close', () => (gone = true));
    (await open()).destroy();
    await until('the far side sees it', () => gone);
    expect(gone).toBe(true);
  });
});

describe('a start', () => {
  it('is given up after its time', async () => {
    server.silent = true;
    await expect(open(30)).rejects.toThrow(`${what} could not be reached within 30 ms`);
  });

  it.each([
    [
      400,
      '{"kind":"Status","message":"container web is not valid for pod web-1"}',
      'container web is not valid for pod web-1',
    ],
    [500, 'container not found ("web")\n', 'container not found ("web")'],
    [502, '<html>a proxy</html>', 'it answered 502'],
  ])('that is refused with %i says why', async (status, body, why) => {
    server.beforeUpgrade = (socket) =>
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    expect((await faultOf(open())).problem.why).toBe(why);
  });

  it('to a server that does not answer fails', async () => {
    await server.close();
    await expect(open()).rejects.toThrow(/ECONNREFUSED/);
    server = await startApiServer();
  });
});
