import type { Kind } from '../../store/kinds.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import type { KubeObject } from '../../store/objects.ts';

/** The order of the store. */
export const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/**
 * The objects of a kind as they were at a version, in the order of the store: those of now, with every change since
 * then taken back.
 * @param namespace all of them when not given
 * @throws ApiError 410 when the changes since that version are not kept any more
 */
export function objectsAt(
  store: ObjectStore,
  kind: Kind,
  namespace: string | undefined,
  version: number,
): KubeObject[] {
  const now = store.list(kind.kind, namespace);
  const changes = store.changesSince(kind.kind, version);
  if (changes.length === 0) return now;
  const objects = new Map(now.map((object) => [keyOf(object), object]));
  for (const { object, before } of changes.toReversed()) {
    if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
    if (before) objects.set(keyOf(before), before);
    else objects.delete(keyOf(object));
  }
  return [...objects].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object);
}
