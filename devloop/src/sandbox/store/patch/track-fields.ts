import type { Writer } from '../../api/parts.ts';
import { apiVersionOf, type Kind } from '../kinds.ts';
import type { KubeObject, Metadata } from '../objects.ts';
import { emptySet, isEmptySet, union } from './field-set.ts';
import { schemaOf } from './kind-schemas.ts';
import {
  decodeManagers,
  encodeManagers,
  identifier,
  type ManagerName,
  type Managers,
  ownable,
  takeFromOthers,
} from './managed-fields.ts';
import { type Comparison, compare } from './object-fields.ts';

/**
 * Puts into `after` who owns which fields, for any write but an apply: the writer takes the fields that it changed from
 * all others. What the client itself wrote to managedFields counts, and `[]` or `[{}]` forgets all of them; an object
 * that has none is not tracked before it is applied.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/managedfields/internal/fieldmanager.go
 * @param before undefined for an object that is created
 * @param after is changed
 * @param now RFC 3339, the time of the writer's entry
 */
export function trackFields(
  kind: Kind,
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
  now: string,
): void {
  const managers = managersToStart(before, after, writer);
  if (managers.size > 0 || !before)
    addUpdate(managers, changes(kind, before, after, writer.subresource), nameOf(kind, writer), now);
  setManagedFields(after, managers);
}

/** Puts the entries into an object; no field at all for none. */
export function setManagedFields(object: KubeObject, managers: Managers): void {
  const encoded = encodeManagers(managers);
  if (encoded) object.metadata.managedFields = encoded;
  else delete object.metadata.managedFields;
}

export const nameOf = (kind: Kind, { manager, subresource }: Writer): ManagerName => ({
  manager,
  operation: 'Update',
  apiVersion: apiVersionOf(kind),
  ...(subresource && { subresource }),
});

/** What a write changed of what its writer can own. */
export function changes(
  kind: Kind,
  before: KubeObject | undefined,
  after: KubeObject,
  subresource: string | undefined,
): Comparison {
  const { changed, removed } = compare(
    before ? withoutManagedFields(before) : {},
    withoutManagedFields(after),
    schemaOf(kind),
  );
  return {
    changed: ownable(changed, kind.subresources, subresource),
    removed: ownable(removed, kind.subresources, subresource),
  };
}

/** Gives changed fields to a manager's Update entry. */
export function addUpdate(managers: Managers, { changed, removed }: Comparison, name: ManagerName, now: string): void {
  takeFromOthers(managers, undefined, union(changed, removed));
  if (isEmptySet(changed)) return;
  const id = identifier(name);
  const fields = union(managers.get(id)?.fields ?? emptySet, changed);
  managers.set(id, { ...name, time: now, fields });
}

export const withoutManagedFields = (object: KubeObject): KubeObject => {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};

function managersToStart(before: KubeObject | undefined, after: KubeObject, { subresource }: Writer): Managers {
  const old = (): Managers => decodeManagers(before?.metadata.managedFields) ?? new Map();
  if (subresource) return old();
  const given = after.metadata.managedFields;
  if (isReset(given)) return new Map();
  const decoded = decodeManagers(given);
  return decoded?.size ? decoded : old();
}

const isReset = (given: Metadata['managedFields']): boolean =>
  Array.isArray(given) && given.every((entry) => Object.keys(entry ?? {}).length === 0) && given.length <= 1;
