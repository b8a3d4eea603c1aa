import { randomUUID } from 'node:crypto';
import { alreadyExists, badRequest } from '../../store/api-error.ts';
import { timestamp } from '../../store/object-store.ts';
import type { KubeObject } from '../../store/objects.ts';
import type { Exchange } from '../exchange.ts';
import { isDryRun } from '../http/options-error.ts';
import { readObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { checkObject } from './check-object.ts';
import { validateFields } from './field-validation.ts';

/** Creates what the body describes. @param namespace the empty text where the kind has none */
export async function createObject(exchange: Exchange, namespace: string): Promise<Reply> {
  const { kind, query, request } = exchange;
  const body = await readObject(request, kind.kind);
  const object = checkObject(kind, body, namespace);
  await validateFields(exchange, body);
  if (object.metadata.resourceVersion) {
    throw badRequest('resourceVersion should not be set on objects to be created');
  }
  const dryRun = isDryRun(query.getAll('dryRun'), 'CreateOptions');
  return { code: 201, body: storeNew(exchange, object, dryRun, true) };
}

/**
 * Stores an object that is new, after admission, defaults and validation.
 * @param track false when its `managedFields` are right already
 * @throws ApiError 403, 404, 409, 422
 */
export function storeNew(exchange: Exchange, object: KubeObject, dryRun: boolean, track: boolean): KubeObject {
  const { parts, kind, writer } = exchange;
  const { store, rules } = parts;
  const prepared = rules.prepareCreate(kind, object);
  const next: KubeObject = { ...prepared, metadata: { ...prepared.metadata } };
  if (track) rules.track(kind, undefined, next, writer);
  if (!dryRun) return store.create(kind.kind, next);
  const { namespace = '', name } = next.metadata;
  if (store.get(kind.kind, namespace, name)) throw alreadyExists(kind, name);
  const creationTimestamp = timestamp(parts.clock.now());
  return { ...next, metadata: { ...next.metadata, uid: next.metadata.uid ?? randomUUID(), creationTimestamp } };
}
