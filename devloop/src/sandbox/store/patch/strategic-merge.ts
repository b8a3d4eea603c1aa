import { decodedType, goType } from './go-text.ts';
import { get, isObject, type JsonObject, put } from './json.ts';
import { itemSchema } from './object-fields.ts';
import { fieldSchema, type Schema } from './schema.ts';
import {
  badRetainKeys,
  listOfLists,
  mixedItems,
  notAList,
  notAnObject,
  patchFailed,
  unknownDirective,
} from './strategic-errors.ts';
import { checkOrder, identityOf, ordered } from './strategic-order.ts';

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/**
 * An object after a strategic merge patch, which merges lists by the keys of their items.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 * @param current is not changed
 * @throws ApiError 400 or 500 in Kubernetes' words
 */
export function strategicMerged(current: unknown, patch: unknown, schema: Schema): JsonObject {
  if (!isObject(patch)) throw notAnObject(patch);
  return mergedObject(isObject(current) ? current : {}, patch, schema);
}

function mergedObject(live: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  if ('$patch' in patch) return directed(patch);
  const result = retained(live, patch);
  const sorted = new Set<string>();
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(orderPrefix)) continue;
    const field = key.slice(orderPrefix.length);
    sorted.add(field);
    const list = sortedList(result[field], patch[field], order, fieldSchema(schema, field, result[field]));
    if (list) put(result, field, list);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(deletePrefix)) {
      const field = key.slice(deletePrefix.length);
      const list = result[field];
      if (Array.isArray(list) && Array.isArray(value)) result[field] = list.filter((item) => !value.includes(item));
    } else if (!key.startsWith('$') && !sorted.has(key)) mergeField(result, key, value, schema);
  }
  return result;
}

function mergeField(result: JsonObject, field: string, value: unknown, schema: Schema): void {
  const live = get(result, field);
  const child = fieldSchema(schema, field, live, value);
  let next: unknown;
  if (isObject(live) && isObject(value)) next = mergedObject(live, value, child);
  else if (Array.isArray(live) && Array.isArray(value)) next = mergedList(live, value, child);
  else next = fresh(value);
  if (next === undefined || next === null) delete result[field];
  else put(result, field, next);
}

/** What `$patch` in an object asks for. */
function directed(patch: JsonObject): JsonObject {
  const { $patch: directive, ...rest } = patch;
  if (directive === 'replace') return fresh(rest) as JsonObject;
  if (directive === 'delete') return {};
  throw unknownDirective(directive, patch);
}

/** A value that is new: without nulls and directives. @returns undefined for what is a directive itself */
function fresh(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fresh).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if ('$patch' in value) return undefined;
  const result: JsonObject = {};
  for (const [field, child] of Object.entries(value)) {
    const kept = field.startsWith('$') ? undefined : fresh(child);
    if (kept !== undefined && kept !== null) put(result, field, kept);
  }
  return result;
}

/** A copy of the live object, with only the fields that `$retainKeys` names. */
function retained(live: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch['$retainKeys'];
  if (keys === undefined) return { ...live };
  if (!Array.isArray(keys)) throw badRetainKeys();
  const given = Object.entries(patch).filter(([field, value]) => value !== null && !field.startsWith('$'));
  if (given.some(([field]) => !keys.includes(field))) throw badRetainKeys();
  return Object.fromEntries(Object.entries(live).filter(([field]) => keys.includes(field)));
}

const mergeKeyOf = (schema: Schema): string | undefined => (schema.is === 'list' ? schema.keys[0] : undefined);

/** A list for which the patch says the order. @returns undefined when there is no list at all */
function sortedList(live: unknown, patch: unknown, order: unknown, schema: Schema): unknown[] | undefined {
  if (!Array.isArray(order)) throw notAList(order);
  for (const list of [live, patch]) if (list !== undefined && !Array.isArray(list)) throw notAList(list);
  const [before, given] = [live as unknown[] | undefined, patch as unknown[] | undefined];
  const mergeKey = mergeKeyOf(schema);
  checkOrder(given ?? [], order, mergeKey);
  if (!before && !given) return undefined;
  const merged = before && given ? mergedList(before, given, schema) : (before ?? (fresh(given) as unknown[]));
  return schema.is === 'atomic' ? merged : ordered(merged, order, before ?? [], mergeKey);
}

function mergedList(live: unknown[], patch: unknown[], schema: Schema): unknown[] {
  if (schema.is === 'atomic') return fresh(patch) as unknown[];
  if (!live.length && !patch.length) return live;
  checkItems(live, patch);
  const mergeKey = mergeKeyOf(schema);
  if (mergeKey === undefined) return ordered([...new Set([...live, ...patch])], patch, live, undefined);

  const given = patch.filter((item) => !isDirective(item));
  if (patch.filter(isDirective).filter((item) => isReplace(item, mergeKey)).length) return fresh(given) as unknown[];
  const deleted = new Set(patch.filter(isDirective).map((item) => identityOf(item, mergeKey)));
  const kept = live.filter((item) => !deleted.has(identityOf(item, mergeKey)));
  const merged = [...kept];
  for (const item of given) {
    const identity = identityOf(item, mergeKey);
    const index = merged.findIndex((old) => identityOf(old, mergeKey) === identity);
    const old = merged[index];
    if (isObject(old) && isObject(item)) merged[index] = mergedObject(old, item, itemSchema(schema));
    else merged.push(fresh(item));
  }
  return ordered(merged, given, kept, mergeKey);
}

const isDirective = (item: unknown): item is JsonObject => isObject(item) && '$patch' in item;

/** Whether an item asks to replace the list; else it asks to delete an item. @throws ApiError for anything else */
function isReplace(item: JsonObject, mergeKey: string): boolean {
  const { $patch: directive } = item;
  if (directive === 'replace') return true;
  if (directive === 'merge') throw patchFailed('merging lists cannot yet be specified in the patch');
  if (directive !== 'delete') throw unknownDirective(directive, item);
  identityOf(item, mergeKey);
  return false;
}

function checkItems(live: unknown[], patch: unknown[]): void {
  const all = [...live, ...patch];
  if (goType(all[0]) === 'array') throw listOfLists();
  if (new Set(all.map(decodedType)).size > 1) throw mixedItems(live, patch);
}
