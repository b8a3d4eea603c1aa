import { randomUUID } from 'node:crypto';
import type { Request, Server } from '@hapi/hapi';
import type { Level, Log } from './log.ts';

const PROBES = new Set(['/health', '/ready']);
// The frontend's id is kept when it is a plain short word, so that nobody can write odd text into the log.
const PLAIN_ID = /^[\w-]{1,64}$/;

const statusOf = (request: Request): number => {
  const response = request.response;
  // hapi leaves no response where the client went away before it was made.
  if (!response) return 499;
  return 'isBoom' in response ? response.output.statusCode : response.statusCode;
};

const levelOf = (path: string, status: number): Level => {
  if (status >= 500) return 'error';
  return PROBES.has(path) && status < 400 ? 'debug' : 'info';
};

/** Logs one line per request, gives each an id (also sent back as `x-request-id`), and logs what broke a handler. */
export function logRequests(server: Server, log: Log): void {
  server.ext('onRequest', (request, h) => {
    const sent = request.headers['x-request-id'];
    request.app = { id: typeof sent === 'string' && PLAIN_ID.test(sent) ? sent : randomUUID() };
    return h.continue;
  });
  server.ext('onPreResponse', (request, h) => {
    const response = request.response;
    if ('isBoom' in response) response.output.headers['x-request-id'] = idOf(request);
    else response.header('x-request-id', idOf(request));
    return h.continue;
  });
  server.events.on('response', (request) => {
    const status = statusOf(request);
    log(levelOf(request.path, status), 'request', {
      method: request.method.toUpperCase(),
      path: request.path,
      status,
      durationMs: (request.info.completed || Date.now()) - request.info.received,
      requestId: idOf(request),
    });
  });
  server.events.on({ name: 'request', channels: 'error' }, (request, event) => {
    const error = event.error instanceof Error ? event.error.stack : String(event.error);
    log('error', 'a request handler failed', { requestId: idOf(request), error });
  });
}

const idOf = (request: Request): string => (request.app as { id: string }).id;
