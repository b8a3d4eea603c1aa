import type { Duplex } from 'node:stream';
import { sanitizeLine } from '../../lib/sanitize.ts';
import type { Connection } from './connection.ts';
import {
  type ExecStatus,
  exitCodeIn,
  parseStatus,
  statusChannel,
  stderrChannel,
  stdoutChannel,
} from './exec-status.ts';
import { opened, WebSocketStream } from './websocket-stream.ts';

/** So many last bytes of stderr are kept for an error. */
const stderrKept = 1024;

/**
 * Runs a program in a container over a WebSocket: what is written goes to its stdin, what is read is its stdout. When it
 * fails the stream does too, after all that it has printed was read. Its stdin ends with the whole connection only.
 * @param timeout milliseconds until it is given up before the server has answered
 */
export async function execInContainer(
  connection: Connection,
  namespace: string,
  pod: string,
  container: string,
  command: readonly string[],
  timeout: number,
): Promise<Duplex> {
  const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const socket = await connection.webSocket(`/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`);
  const what = `${command[0]} in container ${container} of pod ${pod}`;
  const stream = new ExecStream(socket, what);
  await opened(socket, stream, what, timeout);
  return stream;
}

class ExecStream extends WebSocketStream {
  readonly #what: string;
  #stderr: Buffer = Buffer.alloc(0);
  #ended = false;
  #failure: Error | undefined;

  constructor(socket: ConstructorParameters<typeof WebSocketStream>[0], what: string) {
    super(socket);
    this.#what = what;
  }

  protected override receive(channel: number, content: Buffer): void {
    if (content.length === 0 || this.#ended) return;
    if (channel === stdoutChannel) this.deliver(content);
    else if (channel === stderrChannel) this.#stderr = Buffer.concat([this.#stderr, content]).subarray(-stderrKept);
    else if (channel === statusChannel) this.#end(parseStatus(content));
  }

  protected override farEnd(): void {
    if (!this.#ended) this.#fail('the connection was cut off');
  }

  override read(size?: number): unknown {
    const chunk: unknown = super.read(size);
    if (this.#failure && this.readableLength === 0) this.destroy(this.#failure);
    return chunk;
  }

  #end(status: ExecStatus): void {
    if (status.status === 'Success') {
      this.#ended = true;
      super.farEnd();
    } else this.#fail(whyOf(status));
  }

  /** Destroying the stream drops what has not been read yet. */
  #fail(why: string): void {
    this.#ended = true;
    const stderr = this.#stderr.toString('utf8').trim().split('\n').map(sanitizeLine).join('\n');
    this.#failure = new Error(`${this.#what}: ${[why, stderr].filter(Boolean).join(': ')}`);
    if (this.readableLength === 0) this.destroy(this.#failure);
  }
}

function whyOf(status: ExecStatus): string {
  const code = exitCodeIn(status);
  return code === undefined ? (status.message ?? 'it failed') : `exit code ${code}`;
}
