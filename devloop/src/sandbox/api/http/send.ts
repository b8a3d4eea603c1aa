import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { failure } from './status.ts';

/** What a request is answered with. */
export interface Reply {
  readonly code: number;
  readonly body: unknown;
  /** Texts of `Warning` headers, which kubectl prints. */
  readonly warnings?: readonly string[];
}

/** `299 - "…"`, in one line. https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/net/http.go (NewWarningHeader) */
const warningHeader = (text: string): string =>
  `299 - "${text.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, '\\$&')}"`;

/** Sends JSON as the whole answer. */
export function sendJson(response: ServerResponse, { code, body, warnings = [] }: Reply, type = 'application/json') {
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  if (warnings.length > 0) response.setHeader('warning', warnings.map(warningHeader));
  response.writeHead(code, {
    'content-type': type,
    'cache-control': 'no-cache, private',
    'content-length': text.length,
  });
  response.end(text);
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' });
  response.end(text);
}

/** Answers with an error; a response that has begun already can only be cut. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = failure(error);
  const wait = status.details?.retryAfterSeconds;
  if (wait !== undefined) response.setHeader('retry-after', String(wait));
  sendJson(response, { code: status.code, body: status });
}

/** The same for a request that wanted to upgrade and has no response. */
export function sendErrorOnSocket(socket: Duplex, error: unknown): void {
  const status = failure(error);
  const text = `${JSON.stringify(status)}\n`;
  const head = [
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
