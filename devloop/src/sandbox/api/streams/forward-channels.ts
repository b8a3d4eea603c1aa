import type { WebSocket } from 'ws';
import { badRequest } from '../../store/api-error.ts';
import type { Pod } from '../../store/objects.ts';
import { ChannelSocket } from './channel-socket.ts';
import { type Forwarding, forwardConnection } from './forward-connection.ts';

/** The framing: each message begins with the number of its channel. */
export const channelProtocol = 'v4.channel.k8s.io';

/**
 * The ports that a WebSocket asks for: `ports=8080,8081`, or `ports` several times.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go
 * @throws ApiError 400
 * @throws RangeError with the kubelet's words, which sends them as plain text
 */
export function portsOf(url: URL): number[] {
  const texts = url.searchParams.getAll('ports').flatMap((value) => value.split(','));
  if (texts.length === 0) throw new RangeError('query parameter "port" is required');
  return texts.map((text) => {
    const cannot = `cannot convert to []int32: strconv.ParseUint: parsing "${text}"`;
    if (!/^\d+$/.test(text)) throw badRequest(`${cannot}: invalid syntax`);
    if (Number(text) > 65_535) throw badRequest(`${cannot}: value out of range`);
    if (Number(text) === 0) throw new RangeError(`port "${text}" must be > 0`);
    return Number(text);
  });
}

/**
 * Serves port-forward over WebSocket channels: two for each port, for data and for errors, which begin with the port in
 * two bytes. There is no end of one side here: the WebSocket closes when the ports have said all they had to say.
 */
export async function serveForwardChannels(
  forwarding: Forwarding,
  pod: Pod,
  webSocket: WebSocket,
  ports: readonly number[],
): Promise<void> {
  const numbers = ports.flatMap((_, index) => [2 * index, 2 * index + 1]);
  const channels = new ChannelSocket(webSocket, channelProtocol, forwarding.clock, numbers);
  const all = ports.map((port, index) => {
    const [data, errors] = [channels.channel(2 * index), channels.channel(2 * index + 1)];
    const header = Buffer.from([port & 0xff, port >> 8]);
    data.write(header);
    errors.write(header);
    return forwardConnection(forwarding, pod, port, data, errors);
  });
  await Promise.all(all);
  channels.close();
  await channels.closed;
}
