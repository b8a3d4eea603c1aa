import type { z } from 'zod';
import type { EventLine } from '../src/plain/print-json.ts';
import type { eventLine } from './events.ts';

// It does not compile when the schema and what `--ui json` prints differ in any field: the error names the events.

/**
 * A type in which every difference stops an assignment in one of the two directions: a field that may be missing is
 * there, marked, so that a type without it is another.
 */
type Strict<T> = T extends readonly (infer Item)[]
  ? readonly Strict<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: object extends Pick<T, Key> ? { readonly maybe: Strict<T[Key]> } : Strict<T[Key]> }
    : T;

type Same<A, B> = [Strict<A>] extends [Strict<B>] ? ([Strict<B>] extends [Strict<A>] ? true : false) : false;

type Described = z.infer<typeof eventLine>;
type Different<Type> = Type extends string
  ? Same<Extract<EventLine, { readonly type: Type }>, Extract<Described, { readonly type: Type }>> extends true
    ? never
    : Type
  : never;

type Nothing<T extends never> = T;
export type EventsThatDiffer = Nothing<Different<EventLine['type'] | Described['type']>>;
