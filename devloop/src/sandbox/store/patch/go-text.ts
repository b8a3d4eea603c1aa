import { isObject } from './json.ts';

/** The kind of a JSON value in the words of Go's encoding/json. */
export function goType(value: unknown): 'array' | 'object' | 'string' | 'number' | 'bool' | 'null' {
  if (Array.isArray(value)) return 'array';
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'object';
}

/** The Go type that a JSON value is decoded to. */
export function decodedType(value: unknown): string {
  const types = {
    array: '[]interface {}',
    object: 'map[string]interface {}',
    string: 'string',
    number: Number.isInteger(value) ? 'int64' : 'float64',
    bool: 'bool',
    null: '%!s(<nil>)',
  } as const;
  return types[goType(value)];
}

/** A JSON value as Go's `%v` prints it, which error messages of the API server contain: `map[image:nginx name:web]`. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const fields = Object.keys(value).sort();
  return `map[${fields.map((field) => `${field}:${goText(value[field])}`).join(' ')}]`;
}
