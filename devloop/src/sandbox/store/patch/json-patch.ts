import { ApiError, badRequest, generic } from '../api-error.ts';
import { goType } from './go-text.ts';
import { equal, isObject, put } from './json.ts';
import { child, listIndex, pointerSteps } from './json-pointer.ts';

/** https://github.com/kubernetes/apiserver/blob/v0.35.0/pkg/endpoints/handlers/patch.go (maxJSONPatchOperations) */
const mostOperations = 10_000;

/** What the API server says of every JSON patch that cannot be applied: it names no reason. */
const rejected = (): ApiError =>
  generic(422, 'Invalid', 'the server rejected our request due to an error in our request');

/**
 * A document after a JSON patch (RFC 6902). As in the API server of Kubernetes 1.20, `replace` of a field that is not
 * there adds it, and no operation takes the whole document.
 * @param document is not changed
 * @throws ApiError 400 for what is no list of operations, 413 for too many, 422 for one that cannot be done
 */
export function jsonPatched(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(`json: cannot unmarshal ${goType(patch)} into Go value of type jsonpatch.Patch`);
  if (patch.length > mostOperations)
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${mostOperations}, got ${patch.length}`,
    );
  return patch.reduce<unknown>(operated, structuredClone(document));
}

function operated(document: unknown, operation: unknown): unknown {
  if (!isObject(operation)) throw rejected();
  const path = stepsOf(operation['path']);
  const given = structuredClone(operation['value'] ?? null);
  switch (operation['op']) {
    case 'add':
      return added(document, path, given);
    case 'remove':
      return removed(document, path);
    case 'replace':
      return replaced(document, path, given);
    case 'move': {
      const from = stepsOf(operation['from']);
      const value = existing(document, from);
      return added(removed(document, from), path, value);
    }
    case 'copy':
      return added(document, path, structuredClone(existing(document, stepsOf(operation['from']))));
    case 'test':
      // A field that is not there is null to the API server's library.
      if (!equal(at(document, path) ?? null, given)) throw rejected();
      return document;
    default:
      throw rejected();
  }
}

function stepsOf(pointer: unknown): string[] {
  const steps = pointerSteps(pointer);
  if (!steps) throw rejected();
  return steps;
}

const at = (document: unknown, steps: readonly string[]): unknown => steps.reduce(child, document);

function existing(document: unknown, steps: readonly string[]): unknown {
  const value = at(document, steps);
  if (value === undefined) throw rejected();
  return value;
}

/** The list or object that the last step is taken in, with that step. */
function place(document: unknown, steps: readonly string[]): [parent: unknown, step: string] {
  return [at(document, steps.slice(0, -1)), steps.at(-1) ?? ''];
}

function added(document: unknown, steps: readonly string[], value: unknown): unknown {
  const [parent, step] = place(document, steps);
  if (Array.isArray(parent)) {
    const index = step === '-' ? parent.length : listIndex(step, parent.length + 1);
    if (index === undefined) throw rejected();
    parent.splice(index, 0, value);
  } else if (isObject(parent)) put(parent, step, value);
  else throw rejected();
  return document;
}

function replaced(document: unknown, steps: readonly string[], value: unknown): unknown {
  const [parent, step] = place(document, steps);
  if (!Array.isArray(parent)) return added(document, steps, value);
  const index = listIndex(step, parent.length);
  if (index === undefined) throw rejected();
  parent[index] = value;
  return document;
}

function removed(document: unknown, steps: readonly string[]): unknown {
  const [parent, step] = place(document, steps);
  if (child(parent, step) === undefined) throw rejected();
  if (Array.isArray(parent)) parent.splice(listIndex(step, parent.length) ?? parent.length, 1);
  else if (isObject(parent)) delete parent[step];
  return document;
}
