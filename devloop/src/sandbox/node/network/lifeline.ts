import { createServer, type Socket } from 'node:net';

/** The port that every hook holds a connection to: its end tells them that the sandbox is gone. */
export interface Lifeline {
  readonly port: number;
  readonly close: () => void;
}

export function openLifeline(): Promise<Lifeline> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.resume();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: address && typeof address === 'object' ? address.port : 0,
        close: () => {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      });
    });
  });
}
