import type { Duplex } from 'node:stream';
import type { Connection } from './connection.ts';
import { opened, WebSocketStream } from './websocket-stream.ts';

// The port-forward subresource over WebSocket: channel 0 is for data and 1 for errors, and the first message of a
// channel carries the port instead of content.
// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/kubelet/cri/streaming/portforward/websocket.go
const errorChannel = 1;
const portHeader = 2;

/**
 * A connection to a port of a pod over a WebSocket of its own, for a server that does not speak SPDY. That nobody
 * listens there is known only later: as an `error` of the stream, before any data.
 * @param timeout milliseconds until the dial is given up
 */
export async function dialWebSocket(
  connection: Connection,
  namespace: string,
  pod: string,
  port: number,
  timeout: number,
): Promise<Duplex> {
  const socket = await connection.webSocket(`/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`);
  // It listens before the socket is open: the first messages come right behind the answer that opens it.
  const stream = new ForwardStream(socket);
  await opened(socket, stream, `pod ${pod}`, timeout);
  return stream;
}

class ForwardStream extends WebSocketStream {
  readonly #headerSeen = [false, false];

  protected override receive(channel: number, message: Buffer): void {
    if (channel > errorChannel) return;
    const content = message.subarray(this.#headerSeen[channel] ? 0 : portHeader);
    this.#headerSeen[channel] = true;
    if (content.length === 0) return;
    if (channel === errorChannel) this.destroy(new Error(content.toString('utf8').trim()));
    else this.deliver(content);
  }
}
