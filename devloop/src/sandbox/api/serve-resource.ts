import type { Kind } from '../store/kinds.ts';
import type { KubeObject } from '../store/objects.ts';
import type { Exchange, NamedExchange } from './exchange.ts';
import { isTrue } from './http/fault-answer.ts';
import { type Reply, sendJson } from './http/send.ts';
import { methodNotAllowed, unknownPath } from './http/status.ts';
import { getList, getObject, renderingOf } from './read/get-object.ts';
import { parseListOptions } from './read/list-options.ts';
import { renderObject } from './read/render.ts';
import { serveWatch } from './read/watch.ts';
import { serveSubresource } from './serve-subresource.ts';
import { createObject } from './write/create-object.ts';
import { deleteCollection } from './write/delete-collection.ts';
import { deleteObject } from './write/delete-object.ts';
import { patchObject } from './write/patch-object.ts';
import { updateObject } from './write/update-object.ts';

/** Watches that are open, each as what ends it. */
export type OpenWatches = Set<() => Promise<void>>;

/**
 * Serves a request for a kind's objects, one object, or a subresource of it.
 * @throws ApiError
 */
export async function serveResource(exchange: Exchange, watches: OpenWatches): Promise<void> {
  const { path, kind, query, request } = exchange;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && path.subresource === undefined && isTrue(query.get('watch'))) {
    openWatch(exchange, watches);
    return;
  }
  if (path.name === undefined) {
    answer(exchange, await collectionReply(exchange));
    return;
  }
  const named: NamedExchange = { ...exchange, namespace: path.namespace ?? '', name: path.name };
  if (path.subresource === undefined) {
    answer(exchange, await objectReply(named));
    return;
  }
  if (!kind.subresources.includes(path.subresource)) throw unknownPath();
  const reply = await serveSubresource(named, path.subresource);
  if (reply) answer(exchange, reply);
}

function openWatch(exchange: Exchange, watches: OpenWatches): void {
  const { parts, path, kind, query, response } = exchange;
  const options = parseListOptions(kind, query, path.name);
  const { store, clock, faults } = parts;
  const end = serveWatch(response, {
    store,
    clock,
    faults,
    kind,
    ...(path.namespace !== undefined && { namespace: path.namespace }),
    options,
    rendering: () => renderingOf(exchange),
  });
  watches.add(end);
  response.once('close', () => watches.delete(end));
}

async function collectionReply(exchange: Exchange): Promise<Reply> {
  const { request, kind, path } = exchange;
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return getList(exchange, path.namespace);
    case 'POST':
      // What lives in a namespace is created in one.
      if (kind.namespaced && path.namespace === undefined) throw methodNotAllowed();
      return createObject(exchange, path.namespace ?? '');
    case 'DELETE':
      if (kind.kind === 'Namespace' || (kind.namespaced && path.namespace === undefined)) throw methodNotAllowed();
      return deleteCollection(exchange, path.namespace);
    default:
      throw methodNotAllowed();
  }
}

async function objectReply(exchange: NamedExchange): Promise<Reply> {
  switch (exchange.request.method) {
    case 'GET':
    case 'HEAD':
      return getObject(exchange);
    case 'PUT':
      return updateObject(exchange);
    case 'PATCH':
      return patchObject(exchange);
    case 'DELETE':
      return deleteObject(exchange);
    default:
      throw methodNotAllowed();
  }
}

/** Sends a reply; an object of the kind in the shape that the client wants. */
function answer(exchange: Exchange, reply: Reply): void {
  const { kind, response, warnings, shape } = exchange;
  const body =
    shape !== 'object' && isOfKind(kind, reply.body)
      ? renderObject(kind, reply.body, renderingOf(exchange))
      : reply.body;
  sendJson(response, { ...reply, body, warnings });
}

const isOfKind = (kind: Kind, body: unknown): body is KubeObject => (body as KubeObject).kind === kind.kind;
