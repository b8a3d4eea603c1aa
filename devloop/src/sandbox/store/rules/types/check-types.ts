import { badRequest } from '../../api-error.ts';
import { apiVersionOf, type Kind } from '../../kinds.ts';
import { isQuantity, quantityForm } from '../../quantity.ts';
import { type FieldType, type FieldTypes, modelOf, shapeOf } from './field-types.ts';

/** The models call quantities strings, but a number is one as well. */
const quantities = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'hard',
  'used',
  'sizeLimit',
  'divisor',
  'averageValue',
  'value',
  'min',
  'max',
  'default',
  'defaultRequest',
  'maxLimitRequestRatio',
  'overhead',
  'allocatedResources',
]);
/** The types of which `value` is a quantity. */
const metricTypes = new Set(['V2MetricTarget', 'V2MetricValueStatus', 'V1MetricTarget']);

const isQuantityField = (owner: string, { name }: FieldType): boolean =>
  quantities.has(name) && (name !== 'value' || metricTypes.has(owner));

const jsonType = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
};

/** `V1PodSpec` as Go names it inside a text: `PodSpec`. */
const goStruct = (model: string): string => model.replace(/^(Core|Discovery|Rbac)?V\d(beta\d)?/, '');

const goNames: Readonly<Record<string, string>> = {
  number: 'int32',
  boolean: 'bool',
  Date: 'v1.Time',
  string: 'string',
};

function goType(types: FieldTypes, { type, format }: FieldType): string {
  const { of, item } = shapeOf(types, type);
  if (of === 'list') return `[]${goType(types, { name: '', type: item, format })}`;
  if (of === 'map') return `map[string]${goType(types, { name: '', type: item, format })}`;
  if (of === 'object') return `v1.${goStruct(item)}`;
  if (item === 'number') return format === 'int64' ? 'int64' : format === 'double' ? 'float64' : 'int32';
  return goNames[item] ?? item;
}

/**
 * Refuses what has the wrong JSON type, in the words of Go's decoder.
 * @throws ApiError 400
 */
export function checkFieldTypes(types: FieldTypes, kind: Kind, object: unknown): void {
  const refuse = (why: string): never => {
    throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${why}`);
  };

  /** @param owner the model that has the field @param path from the root, without indices */
  function check(value: unknown, field: FieldType, owner: string, path: string): void {
    if (value === null || value === undefined || field.type === 'any') return;
    const wrong = (shown = jsonType(value)): never =>
      refuse(
        `json: cannot unmarshal ${shown} into Go struct field ${goStruct(owner)}.${path} of type ${goType(types, field)}`,
      );
    const { of, item } = shapeOf(types, field.type);
    if (of === 'list') {
      if (!Array.isArray(value)) wrong();
      else for (const one of value) check(one, { ...field, type: item }, owner, path);
    } else if (jsonType(value) === 'object' ? of === 'plain' && item !== 'any' : of !== 'plain') wrong();
    else if (of === 'map') {
      for (const one of Object.values(value)) check(one, { ...field, type: item }, owner, path);
    } else if (of === 'object') checkFields(value as object, item, path);
    else checkPlain(value, { ...field, type: item }, owner, wrong);
  }

  function checkPlain(value: unknown, field: FieldType, owner: string, wrong: (shown?: string) => never): void {
    if (field.type === 'IntOrString') {
      if (typeof value !== 'string' && typeof value !== 'number')
        refuse(`json: cannot unmarshal ${jsonType(value)} into Go value of type int32`);
    } else if (field.type === 'number') {
      if (typeof value !== 'number') wrong();
      else if (field.format !== 'double' && !Number.isInteger(value)) wrong(`number ${value}`);
    } else if (field.type === 'boolean') {
      if (typeof value !== 'boolean') wrong();
    } else if (isQuantityField(owner, field)) {
      if (!isQuantity(value as string)) refuse(quantityForm);
    } else if (typeof value !== 'string') wrong();
    else if (field.format === 'byte') checkBase64(value);
  }

  function checkBase64(value: string): void {
    const bad = value.replace(/[\r\n]/g, '').search(/[^A-Za-z0-9+/=]/);
    const length = value.replace(/[\r\n]/g, '').length;
    if (bad >= 0) refuse(`illegal base64 data at input byte ${bad}`);
    if (length % 4 !== 0) refuse(`illegal base64 data at input byte ${length - (length % 4)}`);
  }

  function checkFields(value: object, model: string, path: string): void {
    for (const [key, one] of Object.entries(value)) {
      const field = types.get(model)?.get(key);
      if (field) check(one, field, model, path ? `${path}.${key}` : key);
    }
  }

  if (jsonType(object) === 'object') checkFields(object as object, modelOf(types, kind), '');
  else
    refuse(`json: cannot unmarshal ${jsonType(object)} into Go value of type v1.${kind.kind} in ${apiVersionOf(kind)}`);
}
