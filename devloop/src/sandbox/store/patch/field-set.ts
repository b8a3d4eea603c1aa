import { isPathElement, type PathElement } from './path-element.ts';

/**
 * A set of fields of an object, as a tree. `own` says that the field at the node itself is in the set, which is not
 * implied by fields below it. Field sets are never changed once they are made, so they may share parts.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/fieldpath/set.go
 */
export interface FieldSet {
  readonly own: boolean;
  readonly below: ReadonlyMap<PathElement, FieldSet>;
}

const nothing: ReadonlyMap<PathElement, FieldSet> = new Map();
export const emptySet: FieldSet = { own: false, below: nothing };
export const leaf: FieldSet = { own: true, below: nothing };

export const isEmptySet = (set: FieldSet): boolean => !set.own && set.below.size === 0;

/** A node of what is not empty below it. */
export function node(own: boolean, below: Iterable<readonly [PathElement, FieldSet]>): FieldSet {
  const kept = new Map<PathElement, FieldSet>();
  for (const [element, set] of below) if (!isEmptySet(set)) kept.set(element, set);
  return kept.size ? { own, below: kept } : own ? leaf : emptySet;
}

export function union(one: FieldSet, other: FieldSet): FieldSet {
  if (isEmptySet(one)) return other;
  if (isEmptySet(other)) return one;
  const below = new Map(one.below);
  for (const [element, set] of other.below) below.set(element, union(below.get(element) ?? emptySet, set));
  return { own: one.own || other.own, below };
}

/** What is in `one` and not in `other`: taking away a field leaves the fields below it. */
export function difference(one: FieldSet, other: FieldSet | undefined): FieldSet {
  if (!other || isEmptySet(other)) return one;
  return node(
    one.own && !other.own,
    [...one.below].map(([element, set]) => [element, difference(set, other.below.get(element))] as const),
  );
}

export function intersection(one: FieldSet, other: FieldSet | undefined): FieldSet {
  if (!other) return emptySet;
  return node(
    one.own && other.own,
    [...one.below].map(([element, set]) => [element, intersection(set, other.below.get(element))] as const),
  );
}

/** Without everything at and below a path. */
export function without(set: FieldSet, [first, ...rest]: readonly PathElement[]): FieldSet {
  if (first === undefined) return emptySet;
  const child = set.below.get(first);
  if (!child) return set;
  return node(
    set.own,
    [...set.below].map(([element, old]) => [element, element === first ? without(old, rest) : old] as const),
  );
}

const inOrder = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;

/** Every path of the set: at each level the fields that are in it first, then what is below them. */
export function pathsOf(set: FieldSet, prefix: readonly PathElement[] = []): PathElement[][] {
  const sorted = [...set.below].sort(inOrder);
  const own = sorted.filter(([, child]) => child.own).map(([element]) => [...prefix, element]);
  return [...own, ...sorted.flatMap(([element, child]) => pathsOf(child, [...prefix, element]))];
}

/**
 * `fieldsV1` of a managedFields entry.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ (FieldsV1)
 */
export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [element, child] of [...set.below].sort(inOrder))
    fields[element] = child.own && child.below.size ? { '.': {}, ...toFieldsV1(child) } : toFieldsV1(child);
  return fields;
}

/**
 * The set that a `fieldsV1` says. An empty object below the top is a field of its own.
 * @throws Error for what is no path element
 */
export function fromFieldsV1(fields: unknown, top = true): FieldSet {
  const entries = typeof fields === 'object' && fields !== null ? Object.entries(fields) : [];
  const below = entries.filter(([element]) => element !== '.');
  const wrong = below.find(([element]) => !isPathElement(element));
  if (wrong) throw new Error(`${wrong[0]} is no path element`);
  const own = !top && (below.length === 0 || below.length < entries.length);
  return node(
    own,
    below.map(([element, child]) => [element, fromFieldsV1(child, false)] as const),
  );
}
