import type { ObjectStore } from '../../object-store.ts';
import type { PersistentVolumeClaim } from '../../objects.ts';

const isDefault = 'storageclass.kubernetes.io/is-default-class';

const protection = 'kubernetes.io/pvc-protection';

/** A claim stays as long as a pod uses it; the claim protection controller lets it go. */
export function protectClaim({ metadata }: PersistentVolumeClaim): void {
  if (!metadata.finalizers?.includes(protection)) metadata.finalizers = [...(metadata.finalizers ?? []), protection];
}

/** A claim that names no class gets the one that is marked as the default; an empty name asks for none. */
export function addStorageClass(store: ObjectStore, { spec }: PersistentVolumeClaim): void {
  if (spec.storageClassName !== undefined) return;
  const marked = store.list('StorageClass').find(({ metadata }) => metadata.annotations?.[isDefault] === 'true');
  spec.storageClassName = marked?.metadata.name ?? 'standard';
}
