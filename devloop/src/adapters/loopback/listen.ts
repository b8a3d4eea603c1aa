import { createServer, type Server } from 'node:net';
import { environmentFault, type Fault } from '../../model/errors.ts';
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
    throw portFault(port, service, error as NodeJS.ErrnoException, await portOwner(port));
  }
}

/**
 * What is told of a port that cannot be bound.
 * @param owner the program that listens on it, where it can be told
 */
export function portFault(
  port: number,
  service: string,
  { code, message }: NodeJS.ErrnoException,
  owner: string | undefined,
): Fault {
  const another = `give services.${service}.ports another local port`;
  if (code === 'EADDRINUSE') {
    return environmentFault({
      title: `Port ${port} for ${service} is taken`,
      why: `${owner ?? 'another program'} listens on it`,
      fix: `Stop that program, or ${another}.`,
    });
  }
  const isReserved = code === 'EACCES';
  return environmentFault({
    title: `Port ${port} for ${service} cannot be used`,
    why: isReserved ? 'the system keeps it for root: this user may not listen on it' : message,
    fix: `${another[0]?.toUpperCase()}${another.slice(1)}${isReserved ? ', from 1024 up' : ''}.`,
  });
}
