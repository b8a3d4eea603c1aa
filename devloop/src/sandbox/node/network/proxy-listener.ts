import { connect, createServer, type Socket } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A listener on 127.0.0.1 that passes connections on. */
export interface ProxyListener {
  readonly port: number;
  readonly close: () => void;
}

/**
 * @param port 0 for any free one
 * @param target where the next connection goes; undefined refuses it
 * @throws Error with code EADDRINUSE when the port is taken
 */
export function openProxy(port: number, target: () => Address | undefined): Promise<ProxyListener> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const address = target();
    if (!address) {
      client.on('error', () => {});
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ ...address, allowHalfOpen: true });
    join(client, upstream);
    join(upstream, client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: address && typeof address === 'object' ? address.port : port,
        close: () => {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      });
    });
  });
}

/** One direction: the end of `from` ends `to`, and its failure resets `to`. */
function join(from: Socket, to: Socket): void {
  from.on('error', () => {
    if (!to.destroyed) to.resetAndDestroy();
  });
  from.on('close', () => {
    if (!from.readableEnded && !to.destroyed) to.destroy();
  });
  from.pipe(to);
}
