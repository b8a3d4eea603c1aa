export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for `{}`, `[]` and null: what has no fields of its own. */
export const isEmpty = (value: unknown): boolean =>
  value === null || (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);

/** Equal as JSON: the order of keys does not matter. */
export function equal(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => equal(item, other[index]));
  if (!isObject(one) || !isObject(other)) return false;
  const fields = Object.keys(one);
  return (
    fields.length === Object.keys(other).length &&
    fields.every((field) => Object.hasOwn(other, field) && equal(one[field], other[field]))
  );
}

/** Sets a field even where its name is `__proto__`: names come from clients. */
export function put(object: JsonObject, field: string, value: unknown): void {
  Object.defineProperty(object, field, { value, writable: true, enumerable: true, configurable: true });
}

/** A field of its own; never one that every object inherits, such as `constructor`. */
export const get = (object: JsonObject, field: string): unknown =>
  Object.hasOwn(object, field) ? object[field] : undefined;
