import { type FieldType, type FieldTypes, shapeOf } from '../../store/rules/types/field-types.ts';
import { mergeRuleOf } from './merge-rules.ts';
import { schemaName } from './schema-names.ts';

type Schema = Record<string, unknown>;

const plain: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  number: { type: 'number' },
  Date: { type: 'string', format: 'date-time' },
  V1MicroTime: { type: 'string', format: 'date-time' },
  IntOrString: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  any: { type: 'object' },
};

function typeSchema(types: FieldTypes, { type, format }: Pick<FieldType, 'type' | 'format'>): Schema {
  const { of, item } = shapeOf(types, type);
  if (of === 'list') return { type: 'array', items: typeSchema(types, { type: item, format }) };
  if (of === 'map') return { type: 'object', additionalProperties: typeSchema(types, { type: item, format }) };
  if (of === 'object') return { allOf: [{ $ref: `#/components/schemas/${schemaName(types, item)}` }] };
  if (item === 'number' && format !== 'double') return { type: 'integer', format };
  const known = plain[item] ?? { type: 'string' };
  return item === 'string' && format ? { ...known, format } : known;
}

/** A type of the API with its fields, and how lists in it are merged. */
export function schemaOf(types: FieldTypes, model: string): Schema {
  const fields = [...(types.get(model)?.values() ?? [])];
  const properties = fields.map((field) => [
    field.name,
    { ...typeSchema(types, field), ...mergeRuleOf(types, model, field.name) },
  ]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}
