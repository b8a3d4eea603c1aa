import type { NamedExchange } from './exchange.ts';
import type { Reply } from './http/send.ts';
import { methodNotAllowed } from './http/status.ts';
import { getObject } from './read/get-object.ts';
import { finalizeNamespace } from './subresources/finalize-namespace.ts';
import { bindPod } from './subresources/pod-binding.ts';
import { evictPod } from './subresources/pod-eviction.ts';
import { serveScale } from './subresources/scale.ts';
import { requestToken } from './subresources/service-account-token.ts';
import { serveStreamed, upgradeRequired } from './subresources/streamed.ts';
import { patchObject } from './write/patch-object.ts';
import { updateObject } from './write/update-object.ts';

/** Which methods a subresource takes; `proxy` takes all. */
const methods: Readonly<Record<string, readonly string[]>> = {
  status: ['GET', 'HEAD', 'PUT', 'PATCH'],
  scale: ['GET', 'PUT', 'PATCH'],
  binding: ['POST'],
  eviction: ['POST'],
  token: ['POST'],
  finalize: ['PUT'],
  log: ['GET'],
  exec: ['GET', 'POST'],
  attach: ['GET', 'POST'],
  portforward: ['GET', 'POST'],
};

/**
 * Serves a subresource that its kind has.
 * @returns undefined when it has answered itself
 * @throws ApiError
 */
export async function serveSubresource(exchange: NamedExchange, subresource: string): Promise<Reply | undefined> {
  const allowed = methods[subresource];
  if (allowed && !allowed.includes(exchange.request.method ?? '')) throw methodNotAllowed();
  switch (subresource) {
    case 'status':
      return serveStatus(exchange);
    case 'scale':
      return serveScale(exchange);
    case 'binding':
      return bindPod(exchange);
    case 'eviction':
      return evictPod(exchange);
    case 'token':
      return requestToken(exchange);
    case 'finalize':
      return finalizeNamespace(exchange);
    case 'log':
    case 'proxy':
      await serveStreamed(exchange, subresource);
      return undefined;
    case 'exec':
    case 'attach':
    case 'portforward':
      throw upgradeRequired();
    default:
      throw methodNotAllowed();
  }
}

async function serveStatus(exchange: NamedExchange): Promise<Reply> {
  if (exchange.request.method === 'PUT') return updateObject(exchange, 'status');
  if (exchange.request.method === 'PATCH') return patchObject(exchange, 'status');
  return getObject(exchange);
}
