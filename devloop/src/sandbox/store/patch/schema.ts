/** How a value of the API is made of parts that can be merged and owned on their own. */
export type Schema =
  /** A value that is one thing: a scalar, or a map or list that is only ever replaced as a whole. */
  | { readonly is: 'atomic' }
  /**
   * An object of named fields; those that `fields` does not name are deduced from their value.
   * `always`: Go writes it even when it is empty, so that being there says nothing.
   */
  | { readonly is: 'struct'; readonly fields: Readonly<Record<string, Schema>>; readonly always?: boolean }
  /** An object whose keys are data, such as labels. */
  | { readonly is: 'map'; readonly values: Schema }
  /**
   * A list of objects that are told apart by `keys`. A strategic merge patch goes by the first of them alone.
   * `defaults`: what a key is when the item leaves it out.
   */
  | {
      readonly is: 'list';
      readonly keys: readonly [string, ...string[]];
      readonly items: Schema;
      readonly defaults?: Readonly<Record<string, unknown>>;
      readonly always?: boolean;
    }
  /** A list of scalars in which each is there once. */
  | { readonly is: 'set' };

export const atomic: Schema = { is: 'atomic' };
export const set: Schema = { is: 'set' };
/** Labels, annotations, data, quantities: text by name. */
export const textMap: Schema = { is: 'map', values: atomic };

export const struct = (fields: Readonly<Record<string, Schema>> = {}): Schema => ({ is: 'struct', fields });
/** A struct that is no pointer in Go. */
export const always = (fields: Readonly<Record<string, Schema>> = {}): Schema => ({
  is: 'struct',
  fields,
  always: true,
});
export const listBy = (keys: string | readonly [string, ...string[]], fields: Record<string, Schema> = {}): Schema => ({
  is: 'list',
  keys: typeof keys === 'string' ? [keys] : keys,
  items: struct(fields),
});
/** Ports: two protocols may have the same number, and TCP needs no saying. */
export const portsBy = (number: string): Schema => ({
  is: 'list',
  keys: [number, 'protocol'],
  items: struct(),
  defaults: { protocol: 'TCP' },
});

const unknownStruct = struct();

/** What an object or list is that no table names: objects are structs, lists are replaced as a whole. */
export const deduced = (value: unknown): Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? unknownStruct : atomic;

/** The schema of a field, or of a map's value. @param values tell it where no table does */
export function fieldSchema(parent: Schema, field: string, ...values: unknown[]): Schema {
  if (parent.is === 'map') return parent.values;
  const known = parent.is === 'struct' && Object.hasOwn(parent.fields, field) ? parent.fields[field] : undefined;
  return known ?? deduced(values.find((value) => value !== undefined && value !== null));
}
