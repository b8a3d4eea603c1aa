import type { Kind } from '../../kinds.ts';
import { type FieldTypes, modelOf, shapeOf } from './field-types.ts';

/** Paths of what the kind does not have, as strict decoding names them: `unknown field "spec.containers[0].foo"`. */
export function findUnknownFields(types: FieldTypes, kind: Kind, object: unknown): string[] {
  const found: string[] = [];
  visit(types, object, modelOf(types, kind), '', (_owner, _field, path) => found.push(`unknown field "${path}"`));
  return found;
}

/** Takes out what the kind does not have, as Go does that decodes into its types. */
export function dropUnknownFields(types: FieldTypes, kind: Kind, object: unknown): void {
  visit(types, object, modelOf(types, kind), '', (owner, field) => {
    delete owner[field];
  });
}

type Found = (owner: Record<string, unknown>, field: string, path: string) => void;

function visit(types: FieldTypes, value: unknown, type: string, path: string, unknown: Found): void {
  if (value === null || typeof value !== 'object') return;
  const { of, item } = shapeOf(types, type);
  if (of === 'list' && Array.isArray(value)) {
    for (const [index, one] of value.entries()) visit(types, one, item, `${path}[${index}]`, unknown);
  } else if (of === 'map') {
    for (const [key, one] of Object.entries(value)) visit(types, one, item, `${path}.${key}`, unknown);
  } else if (of === 'object') {
    for (const [key, one] of Object.entries(value)) {
      const field = types.get(item)?.get(key);
      const at = path ? `${path}.${key}` : key;
      if (field) visit(types, one, field.type, at, unknown);
      else unknown(value as Record<string, unknown>, key, at);
    }
  }
}
