import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type WebSocket from 'ws';
import { openShell } from '../../src/adapters/kubernetes/shell-session.ts';
import { lendTerminal } from '../../src/adapters/terminal/lend-terminal.ts';
import { type FakeApiServer, startApiServer } from '../fakes/api-server.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { until } from '../fakes/ticks.ts';

let server: FakeApiServer;
beforeEach(async () => {
  server = await startApiServer();
});
afterEach(() => server.close());

const message = (channel: number, content: string) => Buffer.concat([Buffer.from([channel]), Buffer.from(content)]);
const ended = (code: number) =>
  message(
    3,
    JSON.stringify({ status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: String(code) }] } }),
  );
const success = message(3, '{"status":"Success"}');

/** A terminal of 100 by 30 whose keys the test presses. */
function createTerminal() {
  const keys = new PassThrough();
  const raw: boolean[] = [];
  let screen = '';
  const stdin = Object.assign(keys, {
    isRaw: false,
    setRawMode: (mode: boolean) => {
      raw.push(mode);
      return stdin;
    },
    ref: () => stdin,
    unref: () => stdin,
  });
  const stdout = Object.assign(new PassThrough(), { columns: 100, rows: 30 });
  stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
  });
  return {
    stdin,
    stdout,
    raw,
    screen: () => screen,
    press: (text: string) => stdin.write(text),
    resize: (columns: number, rows: number) => {
      Object.assign(stdout, { columns, rows });
      stdout.emit('resize');
    },
    /** What is left of the loan. */
    listeners: () => [stdin.listenerCount('readable'), stdout.listenerCount('resize'), stdout.listenerCount('drain')],
  };
}

/** A shell whose far side the test plays; `heard` has what came on each channel. */
async function lend({ hasTerminal = true, signal = new AbortController().signal } = {}) {
  const heard: string[] = [];
  const sockets: WebSocket[] = [];
  server.accept = (socket) => {
    sockets.push(socket);
    socket.on('message', (content: Buffer) => heard.push(`${content[0]} ${content.subarray(1).toString()}`));
  };
  const session = await openShell(server.connection, 'dev', 'web-1', 'web', ['sh'], 5000);
  const terminal = createTerminal();
  const before = terminal.listeners();
  const done = lendTerminal(terminal as never, session, hasTerminal, signal).then(
    () => 'ended',
    (error: Error) => error.message,
  );
  await until('the size is known', () => heard.length > 0);
  const [socket] = sockets;
  if (!socket) throw new Error('nobody connected');
  return { session, terminal, before, done, heard, socket };
}

describe('a shell', () => {
  it('has a terminal of its own, of the size of the user’s', async () => {
    const { heard, socket, done } = await lend();
    const [{ url } = { url: undefined }] = server.requests;
    expect(url?.searchParams.get('tty')).toBe('true');
    expect(url?.searchParams.has('stderr')).toBe(false);
    expect(heard).toEqual(['4 {"Width":100,"Height":30}']);
    socket.send(success);
    await done;
  });

  it('gets every key, Ctrl-C too, and shows what comes', async () => {
    const { heard, terminal, socket, done } = await lend();
    terminal.press('ls\r');
    terminal.press('\u0003');
    const keys = () => heard.slice(1).map((one) => one.replace(/^0 /, ''));
    await until('they have come', () => keys().join('') === 'ls\r\u0003');
    expect(heard.slice(1).every((one) => one.startsWith('0 '))).toBe(true);
    socket.send(message(1, 'a.txt\r\n'));
    socket.send(success);
    expect(await done).toBe('ended');
    expect(terminal.screen()).toBe('a.txt\r\n');
  });

  it('learns of a new size', async () => {
    const { heard, terminal, socket, done } = await lend();
    terminal.resize(60, 15);
    await until('it has come', () => heard.length === 2);
    expect(heard[1]).toBe('4 {"Width":60,"Height":15}');
    socket.send(success);
    await done;
  });

  it.each([
    ['the shell ends', 0, (socket: WebSocket) => socket.send(success), 'ended'],
    ['the shell ends with a code', 7, (socket: WebSocket) => socket.send(ended(7)), 'ended'],
    ['the connection breaks', undefined, () => server.cut(), 'the connection was cut off'],
    ['the server closes it', undefined, (socket: WebSocket) => socket.close(), 'the connection was cut off'],
    [
      'the container has no shell',
      undefined,
      (socket: WebSocket) => socket.send(message(3, '{"status":"Failure","message":"exec: \\"sh\\": not found"}')),
      'exec: "sh": not found',
    ],
  ])('leaves the terminal as it was when %s', async (_, code, end, outcome) => {
    const { session, terminal, before, done, socket } = await lend();
    end(socket);
    expect(await done).toBe(outcome);
    expect(session.exitCode).toBe(code);
    expect(terminal.raw).toEqual([true, false]);
    expect(terminal.listeners()).toEqual(before);
    expect(session.destroyed).toBe(true);
  });

  it('ends with the loop', async () => {
    const loop = new AbortController();
    const { terminal, done } = await lend({ signal: loop.signal });
    loop.abort();
    expect(await done).toBe('ended');
    expect(terminal.raw).toEqual([true, false]);
  });

  it('that the server refuses says why', async () => {
    server.silent = true;
    const refused = openShell(server.connection, 'dev', 'web-1', 'web', ['sh'], 20);
    await expect(refused).rejects.toThrow('a shell in container web of pod web-1 could not be reached within 20 ms');
  });

  it('of a pod that is gone says so', async () => {
    server.beforeUpgrade = (socket) => {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    };
    const fault = await faultOf(openShell(server.connection, 'dev', 'web-1', 'web', ['sh'], 5000));
    expect(fault.problem.why).toBe('it answered 404');
  });
});

describe('a shell without a terminal', () => {
  it('gets whole lines, which the user sees and corrects while typing', async () => {
    const { heard, terminal, socket, done } = await lend({ hasTerminal: false });
    terminal.press('lx\u007fs\u001b[A -la');
    terminal.press('\r');
    await until('the line has come', () => heard.length === 2);
    expect(heard[1]).toBe('0 ls -la\n');
    expect(terminal.screen()).toBe('lx\b \bs -la\r\n');
    socket.send(success);
    await done;
  });

  it.each([
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C', '\u0003'],
  ])('ends by %s on an empty line only', async (_, key) => {
    const { terminal, done, session } = await lend({ hasTerminal: false });
    terminal.press('a\u007f');
    await until('the line is empty', () => terminal.screen() === 'a\b \b');
    expect(session.destroyed).toBe(false);
    terminal.press(key);
    expect(await done).toBe('ended');
  });
});
