import { createServer, type Server } from 'node:net';
import { environmentFault } from '../../model/errors.ts';
import { portOwner } from './port-owner.ts';

/**
 * Binds a port of this machine's loopback.
 * @throws Fault (environment) that names the port's owner when it is taken
 */
export async function listenOnLoopback(port: number, service: string): Promise<Server> {
  // The client's end is not the end of the answer to it.
  const server = createServer({ allowHalfOpen: true });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return server;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE')
      throw unusable(port, service, code === 'EACCES' ? 'this user may not listen on it' : message);
    const owner = await portOwner(port);
    throw unusable(port, service, owner ? `${owner} listens on it` : 'another program listens on it');
  }
}

const unusable = (port: number, service: string, why: string) =>
  environmentFault({
    title: `Port ${port} for ${service} is taken`,
    why,
    fix: `Stop that program, or give services.${service}.ports another local port.`,
  });
