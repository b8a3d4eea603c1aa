import { badRequest, generic, notFound } from '../../store/api-error.ts';
import type { KubeObject } from '../../store/objects.ts';
import type { NamedExchange } from '../exchange.ts';
import { isTrue } from '../http/fault-answer.ts';
import { forbiddenField, invalidOptions, isDryRun } from '../http/options-error.ts';
import { bodyType, parseText, readBody } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { applyObject } from './apply-object.ts';
import { checkName, checkUid } from './check-object.ts';
import { validatePatchedFields } from './field-validation.ts';
import { storeChange } from './store-change.ts';

export type PatchType = 'json' | 'merge' | 'strategic';

const patchTypes: ReadonlyMap<string, PatchType> = new Map([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json', 'strategic'],
]);

/** A patch of a body that is no apply. @throws ApiError 400, 415, 422 */
export async function readPatch({
  request,
  query,
}: NamedExchange): Promise<{ type: PatchType; patch: unknown; text: string }> {
  const type = patchTypes.get(bodyType(request));
  if (!type) throw generic(415, 'UnsupportedMediaType', '415: Unsupported Media Type');
  if (isTrue(query.get('force'))) {
    throw invalidOptions('PatchOptions', [forbiddenField('force', 'may not be specified for non-apply patch')]);
  }
  const text = await readBody(request);
  const patch = parseText(text, 'json', (why) => badRequest(`error decoding patch: ${why}`));
  return { type, patch, text };
}

/** Changes an object, or its `status`, by a patch of the body's content type. @throws ApiError 404, 409, 415, 422 */
export async function patchObject(exchange: NamedExchange, subresource?: 'status'): Promise<Reply> {
  const { parts, kind, query, namespace, name } = exchange;
  const { store, rules } = parts;
  const dryRun = isDryRun(query.getAll('dryRun'), 'PatchOptions');
  if (bodyType(exchange.request) === 'application/apply-patch+yaml') {
    return applyObject(exchange, dryRun, subresource);
  }
  const { type, patch, text } = await readPatch(exchange);
  const seen = current();
  await validatePatchedFields(exchange, seen, rules.patch(kind, seen, type, patch), text);

  // Somebody else may have changed it meanwhile: the patch goes on what is there now.
  const before = current();
  const after = rules.patch(kind, before, type, patch);
  checkPatched(exchange, before, after);
  const options = { dryRun, track: true, ...(subresource !== undefined && { subresource }) };
  return { code: 200, body: storeChange(exchange, before, after, options) };

  function current(): KubeObject {
    const found = store.get(kind.kind, namespace, name);
    if (!found) throw notFound(kind, name);
    return found;
  }
}

/** A patch may say which version and which object it means, and cannot make another object of it. */
function checkPatched({ parts, kind, name }: NamedExchange, before: KubeObject, after: KubeObject): void {
  checkName(after, name);
  if (after.kind !== kind.kind || after.apiVersion !== before.apiVersion) {
    throw badRequest(
      `no kind "${after.kind}" is registered for version "${after.apiVersion}" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  checkUid(kind, before, after.metadata.uid);
  parts.store.requireVersion(kind.kind, before, after.metadata.resourceVersion);
}
