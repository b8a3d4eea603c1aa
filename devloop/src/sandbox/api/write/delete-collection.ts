import type { Exchange } from '../exchange.ts';
import { readOptionalObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { listObjects } from '../read/list.ts';
import { parseListOptions } from '../read/list-options.ts';
import { renderList } from '../read/render.ts';
import { removeObject } from './delete-object.ts';
import { parseDeleteOptions } from './delete-options.ts';

/** Deletes all objects of a kind that the query selects; answers with the list of them. */
export async function deleteCollection(exchange: Exchange, namespace: string | undefined): Promise<Reply> {
  const { parts, kind, query, request } = exchange;
  const options = parseDeleteOptions(await readOptionalObject(request, 'DeleteOptions'), query);
  const { objects, metadata } = listObjects(parts.store, kind, namespace, parseListOptions(kind, query));
  const deleted = objects.map((object) => removeObject(exchange, object, options).object);
  const { present, clock } = parts;
  const rendering = { shape: 'object', present, now: clock.now(), includeObject: null } as const;
  return { code: 200, body: renderList(kind, deleted, metadata, rendering) };
}
