import type { KubeObject } from './objects.ts';

const keyOf = (kind: string, namespace: string, uid: string | undefined): string => `${kind}/${namespace}/${uid ?? ''}`;

const controllerUid = ({ metadata }: KubeObject): string | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller)?.uid;

/** Which objects which controller has, so that none has to look through everything for its own. */
export class ControllerIndex {
  readonly #objects = new Map<string, Map<string, KubeObject>>();

  /** Takes note of an object as it is now in place of what it was before. @param after undefined: it is gone */
  note(before: KubeObject | undefined, after: KubeObject | undefined): void {
    if (before) this.#delete(before);
    if (after) this.#add(after);
  }

  /** Those of a controller, by name. @param uid undefined: those that nobody controls */
  list(kind: string, namespace: string, uid: string | undefined): KubeObject[] {
    const own = [...(this.#objects.get(keyOf(kind, namespace, uid)) ?? [])];
    return own.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object);
  }

  #add(object: KubeObject): void {
    const key = keyOf(object.kind, object.metadata.namespace ?? '', controllerUid(object));
    const own = this.#objects.get(key) ?? new Map<string, KubeObject>();
    this.#objects.set(key, own);
    own.set(object.metadata.name, object);
  }

  #delete(object: KubeObject): void {
    const key = keyOf(object.kind, object.metadata.namespace ?? '', controllerUid(object));
    const own = this.#objects.get(key);
    own?.delete(object.metadata.name);
    if (own?.size === 0) this.#objects.delete(key);
  }
}
