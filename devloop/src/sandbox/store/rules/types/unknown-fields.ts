import type { Kind } from '../../kinds.ts';
import { type FieldTypes, modelOf, shapeOf } from './field-types.ts';

/** Paths of what the kind does not have, as strict decoding names them: `unknown field "spec.containers[0].foo"`. */
export function findUnknownFields(types: FieldTypes, kind: Kind, object: unknown): string[] {
  const found: string[] = [];

  function visit(value: unknown, type: string, path: string): void {
    if (value === null || typeof value !== 'object') return;
    const { of, item } = shapeOf(types, type);
    if (of === 'list' && Array.isArray(value)) {
      for (const [index, one] of value.entries()) visit(one, item, `${path}[${index}]`);
    } else if (of === 'map') {
      for (const [key, one] of Object.entries(value)) visit(one, item, `${path}.${key}`);
    } else if (of === 'object') {
      for (const [key, one] of Object.entries(value)) {
        const field = types.get(item)?.get(key);
        const at = path ? `${path}.${key}` : key;
        if (field) visit(one, field.type, at);
        else found.push(`unknown field "${at}"`);
      }
    }
  }

  visit(object, modelOf(types, kind), '');
  return found;
}
