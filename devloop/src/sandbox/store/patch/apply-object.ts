import type { Writer } from '../../api/parts.ts';
import { badRequest } from '../api-error.ts';
import { apiVersionOf, type Kind } from '../kinds.ts';
import type { KubeObject } from '../objects.ts';
import { loadedFieldTypes } from '../rules/types/field-types.ts';
import { applyConflict, conflictsBeyond, conflictsOf } from './apply-conflict.ts';
import { checkDeclared } from './check-declared.ts';
import { decoded } from './decoded.ts';
import { emptySet, toFieldsV1, union } from './field-set.ts';
import { equal } from './json.ts';
import { schemaOf } from './kind-schemas.ts';
import { fieldsAppliedByClient, kubectl, updateLastApplied } from './last-applied.ts';
import {
  allFields,
  decodeManagers,
  identifier,
  type ManagerEntry,
  type Managers,
  ownable,
  setFields,
  takeFromOthers,
} from './managed-fields.ts';
import { merged, pruned } from './merge-applied.ts';
import { fieldsOf } from './object-fields.ts';
import { addUpdate, changes, nameOf, setManagedFields, withoutManagedFields } from './track-fields.ts';

/**
 * Server-side apply: the object after it, `managedFields` included, before defaults and validation. An apply that
 * changes nothing gives an equal object.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 * @param current undefined creates
 * @param now RFC 3339, the time of the entry when something changes
 * @throws ApiError 409 with one cause a field when another manager owns it with another value and `force` is false;
 * 400 for another version than the kind's or for managedFields in what is applied; 500 for a list with an item twice
 * and for a field that the kind does not have
 */
export function applyObject(
  kind: Kind,
  current: KubeObject | undefined,
  applied: KubeObject,
  writer: Writer,
  force: boolean,
  now: string,
): KubeObject {
  check(kind, applied);
  const schema = schemaOf(kind);
  const config = ofClient(applied);
  const types = loadedFieldTypes();
  if (types) checkDeclared(types, kind, config, schema);
  const live = current ? withoutManagedFields(current) : undefined;
  const managers = managersOf(kind, current, now);
  const fields = fieldsOf(config, schema);
  const entry: ManagerEntry = {
    ...nameOf(kind, writer),
    operation: 'Apply',
    fields: ownable(fields, kind.subresources, writer.subresource),
  };
  const id = identifier(entry);
  const last = managers.get(id);
  const owned = union(allFields(managersWithout(managers, id)), fields);
  const joined = merged(live, config, schema);
  const next = decoded(last ? pruned(joined, last.fields, owned, schema) : joined, live, schema) as KubeObject;

  const { changed, removed } = changes(kind, live, next, writer.subresource);
  const conflicts = conflictsOf(managers, id, changed);
  if (!force && conflicts.length) {
    const allowed = writer.manager === kubectl && live ? fieldsAppliedByClient(kind, live) : emptySet;
    const left = conflictsBeyond(conflicts, allowed);
    if (left.length) throw applyConflict(left);
  }
  takeFromOthers(managers, id, union(changed, removed));
  const same = last && equal(live, next) && equal(toFieldsV1(last.fields), toFieldsV1(entry.fields));
  setFields(managers, id, same ? last : { ...entry, time: now }, entry.fields);

  const result = structuredClone(next);
  if (writer.manager === kubectl) updateLastApplied(result, applied);
  setManagedFields(result, managers);
  return result;
}

function check(kind: Kind, { apiVersion, metadata }: KubeObject): void {
  const expected = apiVersionOf(kind);
  if (apiVersion !== expected)
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${apiVersion}, expected: ${expected}`,
    );
  if (metadata.managedFields) throw badRequest('metadata.managedFields must be nil');
}

/** Without what only the server writes: manifests that came out of `kubectl create --dry-run` have it as null. */
function ofClient(applied: KubeObject): KubeObject {
  const { creationTimestamp: _c, generation: _g, managedFields: _m, selfLink: _s, ...metadata } = applied.metadata;
  return { ...applied, metadata: metadata as KubeObject['metadata'] };
}

/** What was there before anybody was tracked belongs to `before-first-apply`. */
function managersOf(kind: Kind, current: KubeObject | undefined, now: string): Managers {
  const managers = decodeManagers(current?.metadata.managedFields) ?? new Map();
  if (current && !managers.size)
    addUpdate(
      managers,
      changes(kind, undefined, current, undefined),
      nameOf(kind, { manager: 'before-first-apply' }),
      now,
    );
  return managers;
}

const managersWithout = (managers: Managers, id: string): Managers =>
  new Map([...managers].filter(([other]) => other !== id));
