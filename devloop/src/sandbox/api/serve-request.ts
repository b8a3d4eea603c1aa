import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOfUnknownGroup } from './discovery/discovery.ts';
import { faultRequest, meetFault } from './http/fault-answer.ts';
import { acceptedShape } from './http/media-types.ts';
import { readObject } from './http/read-body.ts';
import { kindAtPath, parseResourcePath, type ResourcePath } from './http/resource-path.ts';
import { sendJson, sendText } from './http/send.ts';
import { methodNotAllowed, unknownPath } from './http/status.ts';
import { writerOf } from './http/writer.ts';
import { answerReview, type Review, reviewAt } from './reviews.ts';
import { serveGeneral } from './serve-general.ts';
import { type OpenWatches, serveResource } from './serve-resource.ts';
import type { ServerParts } from './server-parts.ts';

/** The URL of a request; its host means nothing. */
export const urlOf = (request: IncomingMessage): URL => new URL(`http://sandbox${request.url ?? '/'}`);

/**
 * Serves a request of somebody who has the token.
 * @param signal aborts when the client has gone, or the server ends
 * @throws ApiError
 */
export async function serveRequest(
  parts: ServerParts,
  watches: OpenWatches,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const url = urlOf(request);
  const path = parseResourcePath(url.pathname);
  const fault = faultRequest(request.method ?? 'GET', url, path);
  if ((await meetFault(parts.faults, parts.clock, fault, signal)) === 'silent') {
    if (fault.watch)
      response.once(
        'close',
        parts.faults.open('watch', () => response.destroy()),
      );
    return;
  }
  if (isOfUnknownGroup(url.pathname)) {
    sendText(response, 404, '404 page not found\n');
    return;
  }
  if (path === undefined || path.plural === '') {
    if (!(await serveGeneral(request, response, url, parts.present))) throw unknownPath();
    return;
  }
  const review = reviewAt(path.group, path.version, path.plural);
  if (review) {
    await serveReview(parts, review, path, request, response);
    return;
  }
  const kind = kindAtPath(path);
  if (!kind) throw unknownPath();
  const { searchParams: query } = url;
  await serveResource(
    {
      parts,
      request,
      response,
      url,
      query,
      path,
      kind,
      // What proxied programs and logs answer with is between them and the client.
      shape: path.subresource === undefined ? acceptedShape(request.headers.accept) : 'object',
      writer: writerOf(request, query, path.subresource),
      warnings: [],
    },
    watches,
  );
}

async function serveReview(
  { clock }: ServerParts,
  review: Review,
  { namespace, name }: ResourcePath,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (name !== undefined || review.namespaced !== (namespace !== undefined)) throw unknownPath();
  if (request.method !== 'POST') throw methodNotAllowed();
  const body = await readObject(request, review.kind);
  sendJson(response, { code: 201, body: answerReview(review, body, clock.now()) });
}
