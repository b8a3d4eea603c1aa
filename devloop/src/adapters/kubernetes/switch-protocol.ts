import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { apiErrorOf } from './api-error.ts';
import { keepAlive } from './keep-alive.ts';

/**
 * Sends a request that asks for another protocol.
 * @param timeout milliseconds until it is given up
 * @returns the socket, once the server speaks that protocol
 * @throws ApiError when it answers instead
 */
export function switchProtocol(sent: ClientRequest, timeout: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
    sent.on('socket', keepAlive);
    sent.on('close', () => clearTimeout(timer));
    sent.on('error', reject);
    sent.on('upgrade', (_, socket: Socket, head) => {
      clearTimeout(timer);
      socket.setNoDelay(true);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    sent.on('response', (response) => {
      apiErrorOf(response).then(reject, reject);
    });
    sent.end();
  });
}
