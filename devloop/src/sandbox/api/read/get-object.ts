import { notFound } from '../../store/api-error.ts';
import type { Exchange, NamedExchange } from '../exchange.ts';
import type { Reply } from '../http/send.ts';
import { listObjects } from './list.ts';
import { parseListOptions } from './list-options.ts';
import { type Rendering, renderList } from './render.ts';

/** @throws ApiError 404 */
export function getObject({ parts, kind, namespace, name }: NamedExchange): Reply {
  const found = parts.store.get(kind.kind, namespace, name);
  if (!found) throw notFound(kind, name);
  return { code: 200, body: found };
}

/** @param namespace all of them when not given */
export function getList(exchange: Exchange, namespace: string | undefined): Reply {
  const { parts, kind, query } = exchange;
  const { objects, metadata } = listObjects(parts.store, kind, namespace, parseListOptions(kind, query));
  return { code: 200, body: renderList(kind, objects, metadata, renderingOf(exchange)) };
}

export const renderingOf = ({ parts, shape, query }: Exchange): Rendering => ({
  shape,
  present: parts.present,
  now: parts.clock.now(),
  includeObject: query.get('includeObject'),
});
