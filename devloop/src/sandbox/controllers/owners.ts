import type { ObjectOf } from '../store/object-store.ts';
import type { KubeObject, Metadata, OwnerReference } from '../store/objects.ts';
import type { ControllerContext } from './context.ts';
import { type LabelSelector, matchesSelector } from './labels.ts';

type Owned = { readonly metadata: Pick<Metadata, 'ownerReferences'> };
type Owner = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>;

/** Who controls an object; an object has at most one controller. */
export const controllerOf = ({ metadata }: Owned): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller);

export const isControlledBy = (object: Owned, { metadata }: Owner): boolean =>
  controllerOf(object)?.uid === metadata.uid;

/** What a controller writes into the objects it makes. */
export const controllerReference = ({ apiVersion, kind, metadata }: Owner): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** Which objects a controller may take for its own. */
interface Claim<Name extends string> {
  readonly owner: Owner;
  /** What they must match to become or stay its own. */
  readonly selector: LabelSelector | undefined;
  readonly kind: Name;
  /** Objects that are not asked about are neither adopted nor released, nor returned. */
  readonly among?: (object: ObjectOf<Name>) => boolean;
}

/**
 * The objects of an owner, after it adopted what matches and has no controller, and released what does not match any
 * more. https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/controller_ref_manager.go
 */
export function claim<Name extends string>(
  { store }: ControllerContext,
  { owner, selector, kind, among = () => true }: Claim<Name>,
): ObjectOf<Name>[] {
  const namespace = owner.metadata.namespace ?? '';
  const claimed: ObjectOf<Name>[] = [];
  const candidates = (uid: string | undefined) => store.controlledBy(kind, namespace, uid).filter(among);
  const isMatch = (object: ObjectOf<Name>) => matchesSelector(selector, (object as KubeObject).metadata.labels);
  const mayChange = ({ metadata }: Pick<KubeObject, 'metadata'>) =>
    !owner.metadata.deletionTimestamp && !metadata.deletionTimestamp;
  const change = (object: ObjectOf<Name>, act: (object: KubeObject) => void) =>
    store.update(kind, namespace, (object as KubeObject).metadata.name, (copy) => act(copy as KubeObject));
  for (const object of candidates(owner.metadata.uid)) {
    if (isMatch(object)) claimed.push(object);
    else if (mayChange(object as KubeObject)) change(object, (copy) => release(copy, owner.metadata.uid));
  }
  for (const object of candidates(undefined)) {
    if (isMatch(object) && mayChange(object as KubeObject)) claimed.push(change(object, (copy) => adopt(copy, owner)));
  }
  return claimed;
}

function adopt({ metadata }: KubeObject, owner: Owner): void {
  metadata.ownerReferences = [...(metadata.ownerReferences ?? []), controllerReference(owner)];
}

/** Takes an owner off an object. */
export function release({ metadata }: KubeObject, ownerUid: string): void {
  const left = (metadata.ownerReferences ?? []).filter(({ uid }) => uid !== ownerUid);
  if (left.length > 0) metadata.ownerReferences = left;
  else delete metadata.ownerReferences;
}
