import { ApiError, badRequest } from '../api-error.ts';
import type { Kind } from '../kinds.ts';
import type { KubeObject } from '../objects.ts';
import { decoded } from './decoded.ts';
import { goType } from './go-text.ts';
import { isObject } from './json.ts';
import { jsonPatched } from './json-patch.ts';
import { schemaOf } from './kind-schemas.ts';
import { mergePatched } from './merge-patch.ts';
import { strategicMerged } from './strategic-merge.ts';

/**
 * An object after a patch, before defaults, validation and managedFields. It stays of its kind.
 * https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 * @param type `json` is RFC 6902, `merge` RFC 7386
 * @throws ApiError 400, 422 or 500 in Kubernetes' words
 */
export function patchObject(
  kind: Kind,
  current: KubeObject,
  type: 'json' | 'merge' | 'strategic',
  patch: unknown,
): KubeObject {
  const schema = schemaOf(kind);
  const patched = type === 'strategic' ? strategicMerged(current, patch, schema) : otherwise(current, type, patch);
  const result = decoded(patched, current, schema);
  if (!isObject(result)) throw noObject(result);
  checkName(result['metadata'], current.metadata.name);
  const { apiVersion, kind: name } = current;
  // Nothing is shared with the live object: what follows, such as tracking, changes the result.
  return structuredClone({ ...(result as KubeObject), apiVersion, kind: name });
}

/** https://github.com/kubernetes/apiserver/blob/v0.35.0/pkg/endpoints/handlers/rest.go (checkName) */
function checkName(metadata: unknown, expected: string): void {
  const name = isObject(metadata) ? metadata['name'] : undefined;
  if (!name)
    throw badRequest(`the name of the object (${expected} based on URL) was undeterminable: name must be provided`);
  if (name !== expected)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${expected})`);
}

function otherwise(current: KubeObject, type: 'json' | 'merge', patch: unknown): unknown {
  if (type === 'json') return jsonPatched(current, patch);
  if (!isObject(patch) && !Array.isArray(patch)) throw new ApiError(500, '', 'Invalid JSON Patch');
  return mergePatched(current, patch);
}

function noObject(value: unknown): ApiError {
  const target =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  const why = `couldn't get version/kind; json parse error: json: cannot unmarshal ${goType(value)} into Go value of type ${target}`;
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(value))}: ${why}`;
  return new ApiError(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  });
}
