import net from 'node:net';
import { runnerPorts } from '../protocol/ports.ts';

/**
 * Listens on the first of the runner's ports that is free, of this machine only.
 * @param onNone hears why there is none
 */
export function listen(onConnection: (socket: net.Socket) => void, onNone: (why: string) => void): void {
  const next = ([port, ...others]: readonly number[]) => {
    const server = net.createServer(onConnection);
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && others.length > 0) next(others);
      else onNone(error.message);
    });
    server.listen(port, '127.0.0.1');
  };
  next(runnerPorts);
}
