import type { Metadata } from '../objects.ts';
import {
  difference,
  emptySet,
  type FieldSet,
  fromFieldsV1,
  isEmptySet,
  toFieldsV1,
  union,
  without,
} from './field-set.ts';
import { isObject } from './json.ts';
import { fieldElement } from './path-element.ts';

/** An entry of `metadata.managedFields`, with its fields as a set. */
export interface ManagerEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
  /** RFC 3339; of the last write that changed something. */
  readonly time?: string;
  readonly fields: FieldSet;
}

/** Entries by who they are of; several writes of a manager come together in one. */
export type Managers = Map<string, ManagerEntry>;

export type ManagerName = Pick<ManagerEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

/**
 * Who an entry is of. An applier is the same whatever version it applies.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/managedfields/internal/managedfields.go
 */
export const identifier = ({ manager, operation, apiVersion, subresource = '' }: ManagerName): string =>
  JSON.stringify([manager, operation, operation === 'Update' ? apiVersion : '', subresource]);

/** @returns undefined when it is no valid managedFields */
export function decodeManagers(managedFields: Metadata['managedFields']): Managers | undefined {
  const managers: Managers = new Map();
  if (managedFields === undefined || managedFields === null) return managers;
  if (!Array.isArray(managedFields) || !managedFields.every(isObject)) return undefined;
  for (const entry of managedFields as NonNullable<typeof managedFields>) {
    const { manager = '', operation, apiVersion, subresource, time, fieldsType, fieldsV1 } = entry;
    if ((operation !== 'Apply' && operation !== 'Update') || !apiVersion || fieldsType !== 'FieldsV1') return undefined;
    const name: ManagerName = { manager, operation, apiVersion, ...(subresource && { subresource }) };
    const fields = validFields(fieldsV1);
    if (!fields) return undefined;
    managers.set(identifier(name), { ...name, ...(time && { time }), fields });
  }
  return managers;
}

function validFields(fieldsV1: unknown): FieldSet | undefined {
  try {
    return fromFieldsV1(fieldsV1);
  } catch {
    return undefined;
  }
}

/** As the object has them: appliers first, then by time and name; undefined for none. */
export function encodeManagers(managers: Managers): Metadata['managedFields'] {
  const sorted = [...managers.values()].sort(
    (one, other) =>
      inOrder(one.operation, other.operation) ||
      inOrder(one.time ?? '', other.time ?? '') ||
      inOrder(one.manager, other.manager) ||
      inOrder(one.apiVersion, other.apiVersion) ||
      inOrder(one.subresource ?? '', other.subresource ?? ''),
  );
  if (!sorted.length) return undefined;
  return sorted.map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource !== undefined && { subresource }),
  }));
}

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Sets what an entry owns; an entry that owns nothing goes. */
export function setFields(managers: Managers, id: string, entry: ManagerEntry, fields: FieldSet): void {
  if (isEmptySet(fields)) managers.delete(id);
  else managers.set(id, { ...entry, fields });
}

/** Takes fields from every manager but one. */
export function takeFromOthers(managers: Managers, except: string | undefined, taken: FieldSet): void {
  for (const [id, entry] of [...managers])
    if (id !== except) setFields(managers, id, entry, difference(entry.fields, taken));
}

export const allFields = (managers: Managers): FieldSet =>
  [...managers.values()].reduce((all, { fields }) => union(all, fields), emptySet);

/** What nobody manages. https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/managedfields/internal/stripmeta.go */
const unmanaged: FieldSet = fromFieldsV1({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:uid': {},
    'f:resourceVersion': {},
    'f:creationTimestamp': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:selfLink': {},
  },
});

/**
 * Of the fields of an object those that a write through the object itself, or through its status, can own: neither has
 * what the other is for.
 */
export function ownable(fields: FieldSet, subresources: readonly string[], subresource: string | undefined): FieldSet {
  const managed = difference(fields, unmanaged);
  if (subresource === 'status') return without(managed, [fieldElement('spec')]);
  return subresources.includes('status') ? without(managed, [fieldElement('status')]) : managed;
}
