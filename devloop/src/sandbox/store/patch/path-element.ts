import type { Cause } from '../api-error.ts';
import { isObject } from './json.ts';
import type { Schema } from './schema.ts';

/**
 * One step of a path, as `fieldsV1` writes it: `f:replicas` a field, `k:{"name":"web"}` an item of a list by its keys,
 * `v:"x"` an item of a set. https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/fieldpath/serialize-pe.go
 */
export type PathElement = string;

export const fieldElement = (field: string): PathElement => `f:${field}`;

/** The name of the field that an element is, or undefined for an item of a list. */
export const fieldOf = (element: PathElement): string | undefined =>
  element.startsWith('f:') ? element.slice(2) : undefined;

/** What an item of a list is known by. A key that it leaves out and that has no default is null: validation names it. */
export function itemElement(list: Schema, item: unknown): PathElement {
  if (list.is !== 'list') return `v:${JSON.stringify(item)}`;
  const keys: Record<string, unknown> = {};
  for (const key of [...list.keys].sort())
    keys[key] = (isObject(item) ? item[key] : undefined) ?? list.defaults?.[key] ?? null;
  return `k:${JSON.stringify(keys)}`;
}

/** False for what no path has: clients may write `fieldsV1` themselves. */
export function isPathElement(text: string): boolean {
  if (!text.startsWith('k:')) return /^(?:[fv]:|i:\d+$)/.test(text);
  try {
    return isObject(JSON.parse(text.slice(2)));
  } catch {
    return false;
  }
}

/** As messages print it: `.replicas`, `[name="web"]`, `[="x"]`. */
export function printed(element: PathElement): string {
  if (element.startsWith('f:')) return `.${element.slice(2)}`;
  if (element.startsWith('v:')) return `[=${element.slice(2)}]`;
  if (!element.startsWith('k:')) return `[${element.slice(2)}]`;
  const keys = JSON.parse(element.slice(2)) as Record<string, unknown>;
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',')}]`;
}

/** As the `field` of a cause: `.spec.template.spec.containers[name="web"].image`. */
export const printedPath = (path: readonly PathElement[]): Cause['field'] => path.map(printed).join('');
