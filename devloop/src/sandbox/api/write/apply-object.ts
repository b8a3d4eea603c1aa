import { badRequest, conflict } from '../../store/api-error.ts';
import { apiVersionOf } from '../../store/kinds.ts';
import type { NamedExchange } from '../exchange.ts';
import { isTrue } from '../http/fault-answer.ts';
import { invalidOptions } from '../http/options-error.ts';
import { parseObject, readBody } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { checkName, checkObject, checkUid } from './check-object.ts';
import { storeNew } from './create-object.ts';
import { validateFields } from './field-validation.ts';
import { storeChange } from './store-change.ts';

/**
 * Server-side apply; the body is YAML, which JSON is too.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 * @throws ApiError 409 when another manager owns a field, 422 without a `fieldManager`
 */
export async function applyObject(exchange: NamedExchange, dryRun: boolean, subresource?: 'status'): Promise<Reply> {
  const { parts, kind, query, request, writer, namespace, name } = exchange;
  const { store, rules } = parts;
  if (!query.get('fieldManager')) {
    throw invalidOptions('PatchOptions', [
      {
        reason: 'FieldValueRequired',
        message: 'Required value: is required for apply patch',
        field: 'fieldManager',
      },
    ]);
  }
  const body = parseApply(await readBody(request), kind.kind);
  const version = body['apiVersion'] ?? '';
  if (version !== apiVersionOf(kind)) {
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${version}, expected: ${apiVersionOf(kind)}`,
    );
  }
  const applied = checkObject(kind, body, namespace);
  checkName(applied, name);
  if (applied.metadata.managedFields) throw badRequest('metadata.managedFields must be nil');
  await validateFields(exchange, body);

  const force = isTrue(query.get('force'));
  const before = store.get(kind.kind, namespace, name);
  if (!before) {
    if (applied.metadata.uid || applied.metadata.resourceVersion) {
      throw conflict(
        kind,
        name,
        'uid mismatch: the provided object specified uid or resourceVersion, and no object was found',
      );
    }
    const made = rules.apply(kind, undefined, applied, writer, force);
    return { code: 201, body: storeNew(exchange, made, dryRun, false) };
  }
  checkUid(kind, before, applied.metadata.uid);
  store.requireVersion(kind.kind, before, applied.metadata.resourceVersion);
  const after = rules.apply(kind, before, applied, writer, force);
  const options = { dryRun, track: false, ...(subresource !== undefined && { subresource }) };
  return { code: 200, body: storeChange(exchange, before, after, options) };
}

/** JSON is read as such, as it is faster and what helm and kubectl send. */
function parseApply(text: string, kind: string): Record<string, unknown> {
  return parseObject(text, text.trimStart().startsWith('{') && isJson(text) ? 'json' : 'yaml', kind);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
