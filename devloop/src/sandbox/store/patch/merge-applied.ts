import { emptySet, type FieldSet } from './field-set.ts';
import { get, isEmpty, isObject, type JsonObject, put } from './json.ts';
import { isKeyedList, itemSchema, itemsOf } from './object-fields.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { fieldSchema, type Schema } from './schema.ts';

/**
 * The live value with everything that is applied in it. Items of a list that both have stay where they are, new ones
 * come behind. https://github.com/kubernetes-sigs/structured-merge-diff/blob/v4.0.2/typed/merge.go
 */
export function merged(live: unknown, applied: unknown, schema: Schema): unknown {
  if (applied === undefined) return live;
  if (live === undefined || schema.is === 'atomic' || (isEmpty(live) && isEmpty(applied))) return applied;
  if (isKeyedList(schema)) {
    if (!Array.isArray(live) || !Array.isArray(applied)) return applied ?? live;
    const given = itemsOf(schema, applied);
    const known = itemsOf(schema, live);
    const kept = live.map((item) => merged(item, given.get(itemElement(schema, item)), itemSchema(schema)));
    return [...kept, ...[...given].filter(([element]) => !known.has(element)).map(([, item]) => item)];
  }
  if (!isObject(live) || !isObject(applied)) return applied;
  const result: JsonObject = { ...live };
  for (const [field, value] of Object.entries(applied)) {
    const old = get(live, field);
    put(result, field, merged(old, value, fieldSchema(schema, field, value, old)));
  }
  return result;
}

/**
 * Takes out what a manager applied before and now leaves out, and nobody else owns. A field goes with all that is in
 * it, such as defaults that nobody owns.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/merge/update.go (prune)
 * @param last what the manager owned before
 * @param owned what anybody owns now
 */
export function pruned(value: unknown, last: FieldSet, owned: FieldSet, schema: Schema): unknown {
  if (schema.is === 'atomic' || last.below.size === 0) return value;
  if (isKeyedList(schema)) {
    if (!Array.isArray(value)) return value;
    return value.flatMap((item) => {
      const element = itemElement(schema, item);
      const before = last.below.get(element);
      const now = owned.below.get(element) ?? emptySet;
      if (!before) return [item];
      return before.own && !now.own ? [] : [pruned(item, before, now, itemSchema(schema))];
    });
  }
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [field, child] of Object.entries(value)) {
    const before = last.below.get(fieldElement(field));
    const now = owned.below.get(fieldElement(field)) ?? emptySet;
    if (before && isLost(before, now, schema)) continue;
    put(result, field, before ? pruned(child, before, now, fieldSchema(schema, field, child)) : child);
  }
  return result;
}

/** A named field is owned by who owns anything in it, the key of a map only by who owns the key. */
const isLost = (before: FieldSet, now: FieldSet, schema: Schema): boolean =>
  schema.is === 'map' ? before.own && !now.own : !now.own && now.below.size === 0;
