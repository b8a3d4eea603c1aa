import { ApiError } from '../api-error.ts';
import type { Kind } from '../kinds.ts';
import { type FieldTypes, modelOf, shapeOf } from '../rules/types/field-types.ts';
import { isObject } from './json.ts';
import { isKeyedList, itemSchema } from './object-fields.ts';
import { fieldElement, itemElement, type PathElement, printedPath } from './path-element.ts';
import { fieldSchema, type Schema } from './schema.ts';

/**
 * Refuses to apply fields that the kind does not have, which no other write does.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/typed/validate.go
 * @throws ApiError 500 that names them all
 */
export function checkDeclared(types: FieldTypes, kind: Kind, applied: unknown, schema: Schema): void {
  const found: PathElement[][] = [];
  visit(applied, modelOf(types, kind), schema, []);
  const errors = found.map((path) => `${printedPath(path)}: field not declared in schema`);
  if (errors.length === 0) return;
  const list = errors.length === 1 ? errors[0] : ['errors:', ...errors].join('\n  ');
  throw new ApiError(500, '', `failed to create typed patch object: ${list}`);

  function visit(value: unknown, type: string, part: Schema, path: readonly PathElement[]): void {
    const { of, item } = shapeOf(types, type);
    if (of === 'list' && Array.isArray(value)) {
      for (const [index, one] of value.entries())
        visit(one, item, itemSchema(part), [...path, isKeyedList(part) ? itemElement(part, one) : `i:${index}`]);
    } else if ((of === 'map' || of === 'object') && isObject(value)) {
      for (const [field, one] of Object.entries(value)) {
        const at = [...path, fieldElement(field)];
        const known = of === 'map' ? item : types.get(item)?.get(field)?.type;
        if (known === undefined) found.push(at);
        else visit(one, known, fieldSchema(part, field, one), at);
      }
    }
  }
}
