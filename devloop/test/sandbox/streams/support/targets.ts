import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { FakeNode } from './fake-node.ts';

/** A program in a pod that listens on a port. */
export interface Target {
  readonly sockets: Socket[];
  readonly close: () => Promise<void>;
}

/** @param onConnection what it does with a connection, which it may close half */
export async function listenIn(node: FakeNode, port: number, onConnection: (socket: Socket) => void): Promise<Target> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  node.ports.set(port, (server.address() as AddressInfo).port);
  return {
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
