import type WebSocket from 'ws';
import type { ShellSession } from '../../engine/outside.ts';
import type { Connection } from './connection.ts';
import { exitCodeIn, parseStatus, statusChannel, stdoutChannel } from './exec-status.ts';
import { opened, WebSocketStream } from './websocket-stream.ts';

/** The size of the terminal goes to this channel, as JSON. */
const resizeChannel = 4;
/** A shell may be quiet for hours, and a connection that is gone may be too: it is asked so often. Milliseconds. */
const pingMs = 10_000;

/**
 * Starts a shell with a terminal of its own in a container: bash where there is one, else sh.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/client-go/tools/remotecommand/v4.go
 * @param timeout milliseconds until it is given up before the server has answered
 * @throws ApiError when the server refuses it
 */
export async function openShell(
  connection: Connection,
  namespace: string,
  pod: string,
  container: string,
  command: readonly string[],
  timeout: number,
): Promise<ShellSession> {
  const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', tty: 'true' });
  for (const word of command) query.append('command', word);
  const socket = await connection.webSocket(`/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`);
  const stream = new ShellStream(socket);
  await opened(socket, stream, `a shell in container ${container} of pod ${pod}`, timeout);
  stream.watchOver();
  return stream;
}

class ShellStream extends WebSocketStream implements ShellSession {
  readonly #socket: WebSocket;
  #exitCode: number | undefined;
  #pings: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket) {
    super(socket);
    this.#socket = socket;
  }

  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  resize(columns: number, rows: number): void {
    this.send(resizeChannel, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
  }

  /** Notices a connection that has gone without a word. */
  watchOver(): void {
    let answered = true;
    const heard = () => {
      answered = true;
    };
    this.#socket.on('pong', heard);
    this.#socket.on('message', heard);
    this.#pings = setInterval(() => {
      if (!answered) this.destroy(new Error('the connection has gone silent'));
      else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
      answered = false;
    }, pingMs);
  }

  protected override receive(channel: number, content: Buffer): void {
    if (content.length === 0) return;
    if (channel === stdoutChannel) this.deliver(content);
    else if (channel === statusChannel) this.#end(content);
  }

  protected override farEnd(): void {
    if (this.#exitCode === undefined) this.destroy(new Error('the connection was cut off'));
    else super.farEnd();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#pings);
    super._destroy(error, done);
  }

  #end(content: Buffer): void {
    const status = parseStatus(content);
    const code = status.status === 'Success' ? 0 : exitCodeIn(status);
    if (code === undefined) this.destroy(new Error(status.message ?? 'it failed'));
    else {
      this.#exitCode = code;
      super.farEnd();
    }
  }
}
