import { apiVersionOf, type Kind } from '../../store/kinds.ts';
import { type FieldTypes, modelOf } from '../../store/rules/types/field-types.ts';
import { schemaName } from './schema-names.ts';

const query = (name: string, type = 'string') => ({
  name,
  in: 'query',
  schema: { type, uniqueItems: true },
});
/** kubectl and helm look whether a write takes these before they ask for server-side validation. */
const writeParameters = [query('dryRun'), query('fieldManager'), query('fieldValidation')];
const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** The paths of a kind, with the operations that clients look for. */
export function pathsOf(types: FieldTypes, kind: Kind): Record<string, unknown> {
  const { group, version, plural, namespaced } = kind;
  const root = `/${group ? 'apis' : 'api'}/${apiVersionOf(kind)}`;
  const collection = `${root}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}`;
  const schema = { $ref: `#/components/schemas/${schemaName(types, modelOf(types, kind))}` };
  const listSchema = { $ref: `${schema.$ref}List` };
  const identity = { 'x-kubernetes-group-version-kind': { group, kind: kind.kind, version } };

  const answer = (content: unknown) => ({
    200: { description: 'OK', content: { 'application/json': { schema: content } } },
  });
  const operation = (action: string, content: unknown, rest: Record<string, unknown> = {}) => ({
    'x-kubernetes-action': action,
    ...identity,
    responses: answer(content),
    ...rest,
  });
  const body = { requestBody: { content: { '*/*': { schema } }, required: true }, parameters: writeParameters };
  const patch = {
    requestBody: {
      content: Object.fromEntries(patchTypes.map((type) => [type, { schema: { type: 'object' } }])),
      required: true,
    },
    parameters: [...writeParameters, query('force', 'boolean')],
  };
  return {
    ...(namespaced && { [`${root}/${plural}`]: { get: operation('list', listSchema) } }),
    [collection]: {
      get: operation('list', listSchema),
      post: operation('post', schema, body),
    },
    [`${collection}/{name}`]: {
      get: operation('get', schema),
      put: operation('put', schema, body),
      patch: operation('patch', schema, patch),
      delete: operation('delete', schema, { parameters: [query('dryRun')] }),
    },
  };
}
