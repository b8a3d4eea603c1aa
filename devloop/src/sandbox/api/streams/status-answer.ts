import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiError } from '../../store/api-error.ts';
import { failure } from '../http/status.ts';

/** Answers a request that wanted to change the protocol with a Status, and closes. */
export function refuseWithStatus(socket: Duplex, error: ApiError): void {
  answer(socket, error.code, 'application/json', `${JSON.stringify(failure(error))}\n`, []);
}

/**
 * Answers as a kubelet does, with plain text, and closes.
 * @param headers whole lines
 */
export function refuseWithText(socket: Duplex, code: number, text: string, headers: readonly string[] = []): void {
  answer(socket, code, 'text/plain; charset=utf-8', text, headers);
}

function answer(socket: Duplex, code: number, type: string, body: string, headers: readonly string[]): void {
  const lines = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...headers,
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
