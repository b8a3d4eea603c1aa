import { createHash, timingSafeEqual } from 'node:crypto';
import Boom from '@hapi/boom';
import type { Server } from '@hapi/hapi';

// Digests are of equal length whatever was sent, which timingSafeEqual needs and which hides the key's length.
const digest = (text: string) => createHash('sha256').update(text).digest();

/** Makes every route ask for the header `x-api-key`, unless the route says `auth: false`. */
export function requireApiKey(server: Server, apiKey: string): void {
  const expected = digest(apiKey);
  server.auth.scheme('api-key', () => ({
    authenticate: (request, h) => {
      const sent = request.headers['x-api-key'];
      if (typeof sent === 'string' && timingSafeEqual(digest(sent), expected)) {
        return h.authenticated({ credentials: {} });
      }
      throw Boom.unauthorized(`${sent ? 'Wrong' : 'Missing'} API key: send it in the header x-api-key`, 'ApiKey');
    },
  }));
  server.auth.strategy('api-key', 'api-key');
  server.auth.default('api-key');
}
