import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../model/clock.ts';
import { ChannelSocket } from './channel-socket.ts';
import type { ExecClient } from './run-execution.ts';
import { SpdyServerSession } from './spdy-session.ts';

/** Milliseconds that a client has to open its SPDY streams. */
const openMs = 30_000;

const types = ['error', 'stdin', 'stdout', 'stderr', 'resize'];

/** Which streams a client asks for. */
export interface ExecStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** The channels of a WebSocket: stdin 0, stdout 1, stderr 2, the status 3, and the size of the terminal 4. */
export function execChannels(webSocket: WebSocket, protocol: string, asked: ExecStreams, clock: Clock): ExecClient {
  const channels = new ChannelSocket(webSocket, protocol, clock, [0, 1, 2, 3]);
  // What comes on channels that nobody asked for is passed over.
  const channel = (number: number, wanted: boolean) => (wanted ? channels.channel(number) : undefined);
  for (const number of [0, 1, 2]) if (number > 0 || !asked.stdin) channels.channel(number).resume();
  return {
    stdin: channel(0, asked.stdin),
    stdout: channel(1, asked.stdout),
    stderr: channel(2, asked.stderr),
    error: channels.channel(3),
    closed: channels.closed,
    close: () => channels.close(),
  };
}

/**
 * The streams that a client opens in a SPDY session.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/kubelet/pkg/cri/streaming/remotecommand/httpstream.go
 * @returns undefined when the client has not opened them within 30 s, or has gone
 */
export async function execSession(
  connection: Duplex,
  asked: ExecStreams,
  clock: Clock,
): Promise<ExecClient | undefined> {
  const streams: Partial<Record<string, Duplex>> = {};
  const missing = new Set<string>(['error', ...(['stdin', 'stdout', 'stderr'] as const).filter((type) => asked[type])]);
  if (asked.tty) missing.add('resize');
  let resolve = (_opened: boolean) => {};
  const complete = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  const session = new SpdyServerSession(connection, clock, {
    check: ({ streamtype = '' }) => {
      if (!types.includes(streamtype)) throw new Error(`invalid stream type "${streamtype}"`);
    },
    onStream: (stream) => {
      const type = stream.headers['streamtype'] ?? '';
      streams[type] = stream;
      if (type === 'resize') stream.resume();
      missing.delete(type);
      if (missing.size === 0) resolve(true);
    },
  });
  void session.closed.then(() => resolve(false));
  const cancel = clock.after(openMs, () => resolve(false));
  const opened = await complete;
  cancel();
  const { stdin, stdout, stderr, error } = streams;
  if (!opened || !error) {
    session.close();
    return undefined;
  }
  return { stdin, stdout, stderr, error, closed: session.closed, close: () => session.close() };
}
