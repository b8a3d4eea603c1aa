import { ApiError } from '../api-error.ts';
import { difference, type FieldSet, intersection, isEmptySet, pathsOf } from './field-set.ts';
import type { ManagerName, Managers } from './managed-fields.ts';
import { printedPath } from './path-element.ts';

/** Fields of another manager that an apply would change. */
export interface Conflict {
  readonly with: ManagerName;
  readonly fields: FieldSet;
}

/** @param changed what the apply changes; @param own the identifier of the applier's entry */
export const conflictsOf = (managers: Managers, own: string, changed: FieldSet): Conflict[] =>
  [...managers]
    .filter(([id]) => id !== own)
    .map(([, entry]) => ({ with: entry, fields: intersection(entry.fields, changed) }))
    .filter(({ fields }) => !isEmptySet(fields));

/** The conflicts that are left when some fields may be taken. */
export const conflictsBeyond = (conflicts: readonly Conflict[], allowed: FieldSet): Conflict[] =>
  conflicts
    .map((conflict) => ({ ...conflict, fields: difference(conflict.fields, allowed) }))
    .filter(({ fields }) => !isEmptySet(fields));

/** The error that names them. https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/managedfields/internal/conflict.go */
export function applyConflict(conflicts: readonly Conflict[]): ApiError {
  const sorted = conflicts
    .map(({ with: manager, fields }) => ({ who: printedManager(manager), fields: pathsOf(fields).map(printedPath) }))
    .sort((one, other) => (one.who < other.who ? -1 : 1));
  const causes = sorted.flatMap(({ who, fields }) =>
    fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  const [only] = causes;
  const message =
    causes.length === 1 && only
      ? `1 conflict: ${only.message}: ${only.field}`
      : `${causes.length} conflicts: ${sorted.flatMap(({ who, fields }) => [`conflicts with ${who}:`, ...fields.map((field) => `- ${field}`)]).join('\n')}`;
  return new ApiError(409, 'Conflict', `Apply failed with ${message}`, { causes });
}

function printedManager({ manager, operation, apiVersion, subresource }: ManagerName): string {
  const through = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  return `${JSON.stringify(manager)}${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
