import { join } from 'node:path';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';

/** The annotation that says whose volume it is to make or to remove. */
export const provisionedBy = 'pv.kubernetes.io/provisioned-by';

/**
 * Makes the volume of a claim: a folder of this machine, which the node creates when a pod first mounts it.
 * @param folder where the volumes' folders are
 */
export function makeVolume(
  { store }: ControllerContext,
  claim: PersistentVolumeClaim,
  storageClass: KubeObject,
  folder: string,
): PersistentVolume {
  // Named after the claim's uid, which the store has made: no text of a user's becomes part of a path.
  const name = `pvc-${claim.metadata.uid}`;
  const { accessModes, resources, volumeMode = 'Filesystem' } = claim.spec;
  return store.create('PersistentVolume', {
    metadata: {
      name,
      annotations: { [provisionedBy]: String(storageClass['provisioner']) },
      finalizers: ['kubernetes.io/pv-protection'],
    },
    spec: {
      capacity: { storage: resources?.requests?.['storage'] ?? '0' },
      ...(accessModes && { accessModes }),
      persistentVolumeReclaimPolicy: String(storageClass['reclaimPolicy'] ?? 'Delete'),
      storageClassName: storageClass.metadata.name,
      volumeMode,
      hostPath: { path: join(folder, name), type: 'DirectoryOrCreate' },
    },
    status: { phase: 'Available' },
  });
}
