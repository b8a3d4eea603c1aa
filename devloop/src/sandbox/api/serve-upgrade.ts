import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest, notFound } from '../store/api-error.ts';
import { kindOf } from '../store/kinds.ts';
import type { ResourcePath } from './http/resource-path.ts';
import { methodNotAllowed } from './http/status.ts';
import type { ServerParts } from './server-parts.ts';

/** A request that wants to change the protocol: a WebSocket as GET, SPDY as POST. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request already. */
  readonly head: Buffer;
  readonly url: URL;
}

/**
 * Serves exec and port-forward of a pod until they end, and refuses attach.
 * @throws ApiError before anything has been answered
 */
export async function serveUpgrade(
  { store, streams }: ServerParts,
  { request, socket, head, url }: UpgradeRequest,
  path: ResourcePath | undefined,
): Promise<void> {
  const subresource = path?.plural === 'pods' && path.group === '' ? path.subresource : undefined;
  if (subresource === 'attach') {
    streams.attach(socket);
    return;
  }
  const serve = subresource === 'exec' ? streams.exec : subresource === 'portforward' ? streams.portForward : undefined;
  if (!serve || !path) throw badRequest('nothing at this path can be upgraded');
  if (request.method !== 'GET' && request.method !== 'POST') throw methodNotAllowed();
  const name = path.name ?? '';
  const pod = store.get('Pod', path.namespace ?? '', name);
  if (!pod) throw notFound(kindOf('Pod'), name);
  await serve(request, socket, head, pod, url);
}
