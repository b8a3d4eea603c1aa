import { get, isObject, type JsonObject, put } from './json.ts';

/** A value after a JSON merge patch (RFC 7386). @param target is not changed */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const old = isObject(target) ? target : {};
  const result: JsonObject = { ...old };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else put(result, field, mergePatched(get(old, field), value));
  }
  return result;
}
