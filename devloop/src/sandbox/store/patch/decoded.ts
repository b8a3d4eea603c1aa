import { equal, get, isEmpty, isObject, type JsonObject, put } from './json.ts';
import { isKeyedList, itemSchema } from './object-fields.ts';
import { fieldSchema, type Schema } from './schema.ts';

/**
 * A value as it comes out when Go has read it into its types and writes it again: without fields that are null, without
 * maps and lists that are empty, with empty text for the null values of a map. What was there before stays as it was,
 * for a time that is not set is written as null.
 * @param before the value in the same place before the write
 */
export function decoded(after: unknown, before: unknown, schema: Schema): unknown {
  if (after === before) return after;
  if (Array.isArray(after)) return after.map((item) => decoded(item, undefined, itemSchema(schema)));
  if (!isObject(after)) return after;
  const result: JsonObject = {};
  for (const [field, value] of Object.entries(after)) {
    const old = isObject(before) ? get(before, field) : undefined;
    const child = fieldSchema(schema, field, value);
    if (value === null && schema.is === 'map') put(result, field, '');
    else if (isEmpty(value) && equal(value, old)) put(result, field, value);
    else if (value !== null && !(isEmpty(value) && isLeftOut(child))) put(result, field, decoded(value, old, child));
  }
  return result;
}

const isLeftOut = (schema: Schema): boolean => schema.is === 'map' || isKeyedList(schema);
