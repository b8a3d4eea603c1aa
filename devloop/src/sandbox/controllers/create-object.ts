import { apiVersionOf, kindOf } from '../store/kinds.ts';
import type { NewObject, ObjectOf } from '../store/object-store.ts';
import type { KubeObject } from '../store/objects.ts';
import type { ControllerContext } from './context.ts';

/**
 * Creates an object as a client of the API would: with admission, defaults and validation.
 * @throws ApiError 403 and 422 when it is refused, 409 when the name is taken
 */
export function createObject<Name extends string>(
  { store, rules }: Pick<ControllerContext, 'store' | 'rules'>,
  kind: Name,
  object: NewObject<ObjectOf<Name>>,
): ObjectOf<Name> {
  const known = kindOf(kind);
  const asked = { apiVersion: apiVersionOf(known), kind, ...structuredClone(object) } as unknown as KubeObject;
  return store.create(kind, rules.prepareCreate(known, asked) as unknown as NewObject<ObjectOf<Name>>);
}
