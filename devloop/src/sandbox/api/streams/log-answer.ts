import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Faults } from '../../faults.ts';

const newline = 0x0a;

/**
 * Sends a log as it comes, until it ends or the client goes.
 *
 * A cut is what a broken connection is: the client is left with the beginning of a line. When the log is at the end of a
 * line, the next line brings the cut, as nothing may be sent that the container has not said.
 */
export async function answerLog(log: Readable, response: ServerResponse, faults: Faults): Promise<void> {
  // Writing to a client that has gone fails with an event.
  response.on('error', () => log.destroy());
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  let cut = false;
  let withinLine = false;
  const close = faults.open('log', () => {
    cut = true;
    if (withinLine) response.destroy();
  });
  const gone = new AbortController();
  response.on('close', () => {
    log.destroy();
    gone.abort();
  });
  try {
    for await (const chunk of log as AsyncIterable<Buffer>) {
      if (response.destroyed) return;
      if (chunk.length === 0) continue;
      if (cut) {
        await sent(response, beginningOf(chunk));
        response.destroy();
        return;
      }
      withinLine = chunk.at(-1) !== newline;
      if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal });
    }
    response.end();
  } catch {
    // The log broke off, or the client has gone: nobody can be told but by the end of the connection.
    response.destroy();
  } finally {
    close();
    log.destroy();
  }
}

/** Half of the first line. It may be nothing, when the line has no text. */
function beginningOf(chunk: Buffer): Buffer {
  const end = chunk.indexOf(newline);
  return chunk.subarray(0, Math.ceil((end === -1 ? chunk.length : end) / 2));
}

const sent = (response: ServerResponse, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    response.once('close', resolve);
    response.write(bytes, () => resolve());
  });
