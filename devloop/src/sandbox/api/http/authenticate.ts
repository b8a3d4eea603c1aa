import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { unauthorized } from './status.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Lets a request through that carries the token. The time that it takes says nothing about the token.
 * @throws ApiError 401
 */
export function authenticate(request: IncomingMessage, token: string): void {
  const [scheme, given] = (request.headers.authorization ?? '').split(' ');
  const same = timingSafeEqual(digest(given ?? ''), digest(token));
  if (!same || scheme?.toLowerCase() !== 'bearer') throw unauthorized();
}
