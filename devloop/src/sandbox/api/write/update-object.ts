import { notFound } from '../../store/api-error.ts';
import type { NamedExchange } from '../exchange.ts';
import { isDryRun } from '../http/options-error.ts';
import { readObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { checkName, checkObject, checkUid } from './check-object.ts';
import { storeNew } from './create-object.ts';
import { validateFields } from './field-validation.ts';
import { storeChange } from './store-change.ts';

/** Kinds that an update creates. https://github.com/kubernetes/kubernetes/tree/v1.35.0/pkg/registry (AllowCreateOnUpdate) */
const createdByUpdate = new Set([
  'Endpoints',
  'Event',
  'Lease',
  'LimitRange',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
]);

/**
 * Puts the body in the place of an object, or of its `status`.
 * @throws ApiError 404, 409 when the body has another version than the newest
 */
export async function updateObject(exchange: NamedExchange, subresource?: 'status'): Promise<Reply> {
  const { parts, kind, query, request, namespace, name } = exchange;
  const body = await readObject(request, kind.kind);
  const object = checkObject(kind, body, namespace);
  checkName(object, name);
  await validateFields(exchange, body);
  const dryRun = isDryRun(query.getAll('dryRun'), 'UpdateOptions');

  const before = parts.store.get(kind.kind, namespace, name);
  if (!before) {
    if (!createdByUpdate.has(kind.kind) || subresource !== undefined) throw notFound(kind, name);
    return { code: 201, body: storeNew(exchange, object, dryRun, true) };
  }
  checkUid(kind, before, object.metadata.uid);
  parts.store.requireVersion(kind.kind, before, object.metadata.resourceVersion);
  const options = { dryRun, track: true, ...(subresource !== undefined && { subresource }) };
  return { code: 200, body: storeChange(exchange, before, object, options) };
}
