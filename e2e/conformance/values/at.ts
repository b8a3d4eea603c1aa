/**
 * What an object has at a path, such as `status.containerStatuses.0.state` or `spec.containers.*.name`: `*` stands for
 * every element and gives a list. A path with a `|` is split there instead, for keys with dots. Undefined where there
 * is nothing.
 */
export function at(value: unknown, path: string): unknown {
  return walk(value, path.split(path.includes('|') ? '|' : '.'));
}

function walk(value: unknown, keys: readonly string[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined || value === undefined || value === null) return value;
  if (key === '*') return Array.isArray(value) ? value.map((element) => walk(element, rest)) : undefined;
  return walk((value as Readonly<Record<string, unknown>>)[key], rest);
}

/** An object's values at several paths, by path. */
export function pick(value: unknown, ...paths: string[]): Record<string, unknown> {
  return Object.fromEntries(paths.map((path) => [path, at(value, path)]));
}

export const nameOf = (object: unknown): string => String(at(object, 'metadata.name'));

export const uidOf = (object: unknown): string => String(at(object, 'metadata.uid'));

export const versionOf = (object: unknown): string => String(at(object, 'metadata.resourceVersion'));

/** The items of a list. */
export const itemsOf = (list: unknown): unknown[] => (at(list, 'items') as unknown[] | null) ?? [];

export const namesOf = (list: unknown): string[] => itemsOf(list).map(nameOf);
