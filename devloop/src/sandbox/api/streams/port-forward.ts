import { createWebSocketStream } from 'ws';
import { ApiError } from '../../store/api-error.ts';
import type { Pod } from '../../store/objects.ts';
import { channelProtocol, portsOf, serveForwardChannels } from './forward-channels.ts';
import type { Forwarding } from './forward-connection.ts';
import { serveForwardSession } from './forward-session.ts';
import { requireNode } from './pod-container.ts';
import { refuseWithStatus, refuseWithText } from './status-answer.ts';
import { agree, switchToSpdy, switchToWebSocket, type Upgrade } from './upgrade.ts';

const protocol = 'portforward.k8s.io';
/** SPDY's bytes in WebSocket messages, as kubectl has it since 1.31. */
const tunnel = `SPDY/3.1+${protocol}`;

/** Answers a port-forward request, whatever it asks for, and serves it until its connection closes. */
export async function portForward(forwarding: Forwarding, upgrade: Upgrade, pod: Pod, url: URL): Promise<void> {
  upgrade.socket.on('error', () => upgrade.socket.destroy());
  try {
    requireNode(pod);
    const agreed = agree(upgrade, { spdy: [protocol], webSocket: [tunnel, channelProtocol] });
    if (agreed?.transport === 'spdy') {
      await serveForwardSession(forwarding, pod, switchToSpdy(upgrade, protocol));
    } else if (agreed) {
      const ports = agreed.protocol === channelProtocol ? portsOf(url) : undefined;
      const webSocket = switchToWebSocket(upgrade, agreed.protocol);
      if (!webSocket) return;
      if (ports) await serveForwardChannels(forwarding, pod, webSocket, ports);
      else await serveForwardSession(forwarding, pod, createWebSocketStream(webSocket));
    }
  } catch (error) {
    if (error instanceof ApiError) refuseWithStatus(upgrade.socket, error);
    else if (error instanceof RangeError) refuseWithText(upgrade.socket, 400, error.message);
    else throw error;
  }
}
