import type { KubeObject } from '../../store/objects.ts';

/** Where an object is. */
export interface Place {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export const placeOf = ({ kind, metadata }: KubeObject): Place => ({
  kind,
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});

/** Which objects name which owners: looked up by the owner's uid, so that nothing has to be searched. */
export class Dependents {
  readonly #byOwner = new Map<string, Map<string, Place>>();

  /** Takes note of what an object says now, in place of what it said before. */
  note(before: KubeObject | undefined, after: KubeObject | undefined): void {
    for (const { uid } of before?.metadata.ownerReferences ?? []) {
      const dependents = this.#byOwner.get(uid);
      dependents?.delete(before?.metadata.uid ?? '');
      if (dependents?.size === 0) this.#byOwner.delete(uid);
    }
    for (const { uid } of after?.metadata.ownerReferences ?? []) {
      const dependents = this.#byOwner.get(uid) ?? new Map<string, Place>();
      this.#byOwner.set(uid, dependents);
      if (after) dependents.set(after.metadata.uid, placeOf(after));
    }
  }

  of(ownerUid: string): Place[] {
    return [...(this.#byOwner.get(ownerUid)?.values() ?? [])];
  }
}
