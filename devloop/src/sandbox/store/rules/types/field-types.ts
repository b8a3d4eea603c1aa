import type { Kind } from '../../kinds.ts';

/** A field as the generated models of client-node describe it. */
export interface FieldType {
  /** As in JSON. */
  readonly name: string;
  /** `string`, `Array<V1Container>`, `{ [key: string]: string; }`, `V1PodSpec`. */
  readonly type: string;
  /** `int32`, `byte`, `date-time`; the empty text when there is none. */
  readonly format: string;
}

/** The fields of every type of the API by the name of its model: `V1Deployment`. */
export type FieldTypes = ReadonlyMap<string, ReadonlyMap<string, FieldType>>;

let loading: Promise<FieldTypes> | undefined;
let loaded: FieldTypes | undefined;

/** The models take 200 ms to load from their own files, so they are only loaded when the first client needs them. */
export function loadFieldTypes(): Promise<FieldTypes> {
  loading ??= readModels();
  return loading;
}

/** Undefined until `loadFieldTypes` has been awaited once. */
export const loadedFieldTypes = (): FieldTypes | undefined => loaded;

interface Model {
  readonly attributeTypeMap?: readonly { readonly baseName: string; readonly type: string; readonly format: string }[];
}

async function readModels(): Promise<FieldTypes> {
  const models: Readonly<Record<string, unknown>> = await import(
    '@kubernetes/client-node/dist/gen/models/ObjectSerializer.js'
  );
  const types = new Map<string, ReadonlyMap<string, FieldType>>();
  for (const [name, model] of Object.entries(models)) {
    const attributes = (model as Model).attributeTypeMap;
    if (!attributes) continue;
    const fields = attributes.map(({ baseName, type, format }): [string, FieldType] => [
      baseName,
      { name: baseName, type, format },
    ]);
    types.set(name, new Map(fields));
  }
  loaded = types;
  return types;
}

/** `V1Deployment`; three kinds share their name with another group's and have it in front. */
export function modelOf(types: FieldTypes, { kind, version }: Kind): string {
  const plain = `${version[0]?.toUpperCase()}${version.slice(1)}${kind}`;
  return types.has(plain) ? plain : `Core${plain}`;
}

/** What a type is made of. */
export type Shape =
  | { readonly of: 'list' | 'map'; readonly item: string }
  | { readonly of: 'object' | 'plain'; readonly item: string };

export function shapeOf(types: FieldTypes, type: string): Shape {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list) return { of: 'list', item: list };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (map) return { of: 'map', item: map };
  return { of: types.has(type) ? 'object' : 'plain', item: type };
}
