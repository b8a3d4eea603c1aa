import type { Duplex } from 'node:stream';
import type { Headers } from '../../../lib/spdy/header-block-reader.ts';
import type { Pod } from '../../store/objects.ts';
import { type Forwarding, forwardConnection } from './forward-connection.ts';
import { SpdyServerSession } from './spdy-session.ts';
import type { SpdyServerStream } from './spdy-stream.ts';

/** Milliseconds that the second stream of a pair may come after the first. */
const pairMs = 30_000;

interface Pair {
  data?: SpdyServerStream;
  error?: SpdyServerStream;
  readonly cancelTimeout: () => void;
}

/**
 * Serves port-forward over SPDY: each connection is a pair of streams, for data and for errors, with the same request
 * id. The words are those of
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/httpstream.go
 * @returns when the session is over
 */
export async function serveForwardSession(forwarding: Forwarding, pod: Pod, connection: Duplex): Promise<void> {
  const pairs = new Map<string, Pair>();

  const session = new SpdyServerSession(connection, forwarding.clock, {
    check,
    onStream: (stream) => {
      const id = requestIdOf(stream);
      const pair = pairs.get(id) ?? startPair(id);
      const type = stream.headers['streamtype'] === 'error' ? 'error' : 'data';
      if (pair[type]) {
        pair.error?.write(`error processing stream for request ${id}: ${type} stream already assigned`);
        return;
      }
      pair[type] = stream;
      const { data, error } = pair;
      if (!data || !error) return;
      pair.cancelTimeout();
      pairs.delete(id);
      void forwardConnection(forwarding, pod, Number(data.headers['port']), data, error);
    },
  });

  function startPair(id: string): Pair {
    const cancelTimeout = forwarding.clock.after(pairMs, () => {
      pairs.delete(id);
      pair.error?.end(`(request=${id}) timed out waiting for streams`);
      pair.data?.destroy();
    });
    const pair: Pair = { cancelTimeout };
    pairs.set(id, pair);
    return pair;
  }

  const forget = forwarding.faults.open('forward', () => {
    connection.pause();
    connection.cork();
  });
  await session.closed;
  forget();
  for (const { cancelTimeout } of pairs.values()) cancelTimeout();
}

function check(headers: Headers): void {
  const { port = '', streamtype: type } = headers;
  if (!isPort(port)) throw new Error(`unable to parse "${port}" as a port`);
  if (type !== 'error' && type !== 'data') throw new Error(`invalid stream type "${type}"`);
}

/** @param text a number from 1 to 65535 */
const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;

/** Clients of before Kubernetes 1.2 send no id: a data stream follows its error stream. */
const requestIdOf = ({ id, headers }: SpdyServerStream): string =>
  headers['requestid'] ?? String(headers['streamtype'] === 'error' ? id : id - 2);
