import { apiVersionOf, type Kind, kinds } from '../../store/kinds.ts';
import { type FieldTypes, modelOf } from '../../store/rules/types/field-types.ts';
import { pathsOf } from './open-api-paths.ts';
import { schemaOf } from './open-api-schemas.ts';
import { schemaName } from './schema-names.ts';
import { typesWithin } from './types-within.ts';

/** The document of one group and version: the types of its kinds, and where they are read and written. */
export function openApiOf(types: FieldTypes, groupVersion: string): Record<string, unknown> {
  const served = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  const models = typesWithin(
    types,
    served.map((kind) => modelOf(types, kind)),
  );
  const schemas = Object.fromEntries(models.map((model) => [schemaName(types, model), schemaOf(types, model)]));
  for (const kind of served) Object.assign(schemas, kindSchemas(types, kind));
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.0' },
    paths: Object.assign({}, ...served.map((kind) => pathsOf(types, kind))),
    components: { schemas },
  };
}

/** The kind itself, marked as what it is, and the list of it. */
function kindSchemas(types: FieldTypes, kind: Kind): Record<string, unknown> {
  const model = modelOf(types, kind);
  const { group, version } = kind;
  const identity = (name: string) => ({ 'x-kubernetes-group-version-kind': [{ group, kind: name, version }] });
  const list = {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { allOf: [{ $ref: `#/components/schemas/${schemaName(types, 'V1ListMeta')}` }], default: {} },
      items: { type: 'array', items: { $ref: `#/components/schemas/${schemaName(types, model)}` } },
    },
  };
  return {
    [schemaName(types, model)]: { ...schemaOf(types, model), ...identity(kind.kind) },
    [`${schemaName(types, model)}List`]: { ...list, ...identity(`${kind.kind}List`) },
  };
}
