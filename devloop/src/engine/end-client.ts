import type { Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';

/** From the last byte that was sent to it a client has so long to end its own side. Milliseconds. */
const closeMs = 30_000;

/**
 * Ends the connection of a client that has nothing more to come; what it still sends is passed over. One that does not
 * end its side too is cut off.
 * @param last its last bytes
 */
export function endClient(client: Socket, clock: Clock, last?: string): void {
  if (client.destroyed) return;
  // Unread bytes would make a reset of the close, and a reset takes with it what the client has not read.
  client.resume();
  if (last === undefined) client.end();
  else client.end(last);
  const startDeadline = () => {
    const cancel = clock.after(closeMs, () => client.destroy());
    client.once('close', cancel);
  };
  if (client.writableFinished) startDeadline();
  else client.once('finish', startDeadline);
}
