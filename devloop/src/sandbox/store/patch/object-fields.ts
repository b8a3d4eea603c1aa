import { ApiError } from '../api-error.ts';
import { emptySet, type FieldSet, leaf, node, union } from './field-set.ts';
import { goText } from './go-text.ts';
import { equal, get, isEmpty, isObject } from './json.ts';
import { fieldElement, itemElement, type PathElement, printedPath } from './path-element.ts';
import { fieldSchema, type Schema } from './schema.ts';

export const isKeyedList = (schema: Schema): schema is Extract<Schema, { is: 'list' | 'set' }> =>
  schema.is === 'list' || schema.is === 'set';

export const itemSchema = (schema: Schema): Schema => (schema.is === 'list' ? schema.items : { is: 'atomic' });

/**
 * The fields that a manager owns who applies this object: each leaf, each key of a map and each item of a list, but no
 * named field for what is in it.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/typed/tofieldset.go
 * @throws ApiError 500, as the API server does, for a list that has an item twice, or that is no list
 */
export function fieldsOf(value: unknown, schema: Schema, path: readonly PathElement[] = []): FieldSet {
  if (isKeyedList(schema) && Array.isArray(value)) {
    const below = new Map<PathElement, FieldSet>();
    for (const item of value) {
      const element = itemElement(schema, item);
      if (below.has(element)) throw notTyped(path, `duplicate entries for key ${printedPath([element])}`);
      below.set(element, union(leaf, fieldsOf(item, itemSchema(schema), [...path, element])));
    }
    return node(false, below);
  }
  if (schema.is === 'atomic' || value === null) return leaf;
  if (isKeyedList(schema)) throw notTyped(path, `expected list, got &{${goText(value)}}`);
  if (!isObject(value)) throw notTyped(path, `expected map, got &{${goText(value)}}`);
  if (isEmpty(value)) return leaf;
  const below = Object.entries(value).map(([field, child]) => {
    const element = fieldElement(field);
    const fields = fieldsOf(child, fieldSchema(schema, field, child), [...path, element]);
    return [element, schema.is === 'map' ? union(leaf, fields) : fields] as const;
  });
  return node(false, below);
}

const notTyped = (path: readonly PathElement[], why: string): ApiError =>
  new ApiError(500, '', `failed to create typed patch object: ${printedPath(path)}: ${why}`);

/** How an object differs from what it was. */
export interface Comparison {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet;
  /** Fields that are gone. */
  readonly removed: FieldSet;
}

const same: Comparison = { changed: emptySet, removed: emptySet };
const changedLeaf: Comparison = { changed: leaf, removed: emptySet };
const removedLeaf: Comparison = { changed: emptySet, removed: leaf };

/**
 * Which fields a write changed. Beside leaves, what holds them is new or gone too when it was not there at all.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/typed/compare.go
 * @param inThere the object that the value is in was there before and is after
 */
export function compare(before: unknown, after: unknown, schema: Schema, inThere = true): Comparison {
  if (before === after) return same;
  // Go writes such a field with nothing in it, so that it is never new and never gone by itself.
  const there = inThere && 'always' in schema && schema.always === true;
  if (there && (before === undefined || after === undefined)) {
    const nothing = schema.is === 'list' ? [] : {};
    return compareFields(before ?? nothing, after ?? nothing, schema, true);
  }
  if (schema.is === 'atomic' || isLeaf(before, after)) {
    if (before === undefined) return changedLeaf;
    if (after === undefined) return removedLeaf;
    return equal(before, after) ? same : changedLeaf;
  }
  return compareFields(before, after, schema, before !== undefined && after !== undefined);
}

/** Scalars, and what is empty on both sides. */
const isLeaf = (before: unknown, after: unknown): boolean => {
  const known = [before, after].filter((value) => value !== undefined);
  return known.every(isEmpty) || !known.some((value) => typeof value === 'object' && value !== null);
};

function compareFields(before: unknown, after: unknown, schema: Schema, both: boolean): Comparison {
  const changed: [PathElement, FieldSet][] = [];
  const removed: [PathElement, FieldSet][] = [];
  const add = (element: PathElement, one: unknown, other: unknown, child: Schema): void => {
    const difference = compare(one, other, child, both);
    changed.push([element, difference.changed]);
    removed.push([element, difference.removed]);
  };
  if (isKeyedList(schema)) {
    const [one, other] = [itemsOf(schema, before), itemsOf(schema, after)];
    for (const element of new Set([...one.keys(), ...other.keys()]))
      add(element, one.get(element), other.get(element), itemSchema(schema));
  } else {
    const [one, other] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    for (const field of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const [old, now] = [get(one, field), get(other, field)];
      add(fieldElement(field), old, now, fieldSchema(schema, field, now, old));
    }
  }
  return {
    changed: node(before === undefined, changed),
    removed: node(after === undefined, removed),
  };
}

/** The items of a list by what they are known by; of items with equal keys, the first. */
export function itemsOf(schema: Schema, value: unknown): Map<PathElement, unknown> {
  const items = new Map<PathElement, unknown>();
  if (!Array.isArray(value)) return items;
  for (const item of value) {
    const element = itemElement(schema, item);
    if (!items.has(element)) items.set(element, item);
  }
  return items;
}
