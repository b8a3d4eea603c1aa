import { kinds } from '../../store/kinds.ts';
import { schemaOf } from '../../store/patch/kind-schemas.ts';
import { fieldSchema, type Schema } from '../../store/patch/schema.ts';
import { type FieldTypes, modelOf, shapeOf } from '../../store/rules/types/field-types.ts';

/** What a strategic merge patch of these keeps beside what it names; the other lists say nothing but how they merge. */
const retained: Readonly<Record<string, string>> = {
  'V1DeploymentSpec.strategy': 'retainKeys',
  'V1PodSpec.volumes': 'merge,retainKeys',
};

type Lists = ReadonlyMap<string, Schema>;

const known = new WeakMap<FieldTypes, Lists>();

/** The lists that the API server merges item by item, by type and field: `V1PodSpec.containers`. */
function mergedLists(types: FieldTypes): Lists {
  const before = known.get(types);
  if (before) return before;
  const found = new Map<string, Schema>();
  for (const kind of kinds) visit(modelOf(types, kind), schemaOf(kind));
  known.set(types, found);
  return found;

  function visit(type: string, schema: Schema): void {
    const { of, item } = shapeOf(types, type);
    if (of === 'list' && schema.is === 'list') visit(item, schema.items);
    if (of !== 'object' || schema.is !== 'struct') return;
    for (const name of Object.keys(schema.fields)) {
      const field = types.get(item)?.get(name);
      const child = fieldSchema(schema, name);
      if (!field) continue;
      if (child.is === 'list' || child.is === 'set') found.set(`${item}.${name}`, child);
      visit(field.type, child);
    }
  }
}

/** How a patch merges a field, as extensions of its schema, which clients that make patches go by. */
export function mergeRuleOf(types: FieldTypes, model: string, field: string): Record<string, unknown> {
  const name = `${model}.${field}`;
  const list = mergedLists(types).get(name);
  const strategy = retained[name] ?? (list && 'merge');
  return {
    ...(list?.is === 'list' && {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': list.keys,
      'x-kubernetes-patch-merge-key': list.keys[0],
    }),
    ...(list?.is === 'set' && { 'x-kubernetes-list-type': 'set' }),
    ...(strategy && { 'x-kubernetes-patch-strategy': strategy }),
  };
}
