import type { KubeObject, PersistentVolume, PersistentVolumeClaim } from '../../store/objects.ts';
import { type ControllerContext, follow } from '../context.ts';
import { provisioner } from '../first-objects.ts';
import { runController } from '../run-controller.ts';
import { bind, findVolume } from './bind-claim.ts';
import { claimsOf, protectClaim } from './claim-protection.ts';
import { makeVolume, provisionedBy } from './make-volume.ts';

const component = 'persistentvolume-controller';

/** Where volumes are, and what removes one. */
export interface VolumeFolders {
  /** The folder, absolute, in which each made volume has its own. */
  readonly volumesFolder: string;
  /** Called with the absolute path of a volume's folder after the volume is gone. */
  readonly removeVolume: (folder: string) => void;
}

/**
 * Binds claims to volumes, which it makes for claims of its own class.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/volume/persistentvolume/pv_controller.go
 */
export function startPersistentVolumeController(context: ControllerContext, folders: VolumeFolders): void {
  const { store } = context;
  const claims = runController(context, 'persistentvolumeclaim', 'PersistentVolumeClaim', (namespace, name) => {
    const claim = store.get('PersistentVolumeClaim', namespace, name);
    if (claim) protectClaim(context, claim);
    const kept = store.get('PersistentVolumeClaim', namespace, name);
    if (kept && !kept.metadata.deletionTimestamp) provide(context, kept, folders);
    return undefined;
  });
  const volumes = runController(context, 'persistentvolume', 'PersistentVolume', (_, name) => {
    const volume = store.get('PersistentVolume', '', name);
    if (volume) reclaim(context, volume, folders);
    return undefined;
  });
  const lookAtPending = () => {
    for (const { metadata, status } of store.list('PersistentVolumeClaim'))
      if (status?.phase !== 'Bound') claims.add(metadata.namespace ?? '', metadata.name);
  };
  follow(context, 'StorageClass', lookAtPending);
  follow(context, 'PersistentVolume', ({ type }) => type === 'ADDED' && lookAtPending());
  follow(context, 'PersistentVolumeClaim', ({ object }) => {
    if (object.spec.volumeName) volumes.add('', object.spec.volumeName);
  });
  // Whoever uses a claim may have kept it from going.
  follow(context, 'Pod', ({ object }) => {
    for (const claim of claimsOf(object)) claims.add(object.metadata.namespace ?? '', claim);
  });
}

function provide(context: ControllerContext, claim: PersistentVolumeClaim, { volumesFolder }: VolumeFolders): void {
  const { store, events } = context;
  const { namespace = '', name } = claim.metadata;
  if (claim.status?.phase === 'Bound') return;
  const { storageClassName: className = '' } = claim.spec;
  store.update('PersistentVolumeClaim', namespace, name, (copy) => {
    copy.status = { ...copy.status, phase: 'Pending' };
  });
  const found = findVolume(context, claim, className);
  if (found) {
    bind(context, claim, found);
    return;
  }
  if (claim.spec.volumeName) return;
  if (!className) {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    events.record(claim, 'Normal', 'FailedBinding', message, component);
    return;
  }
  const storageClass = store.get('StorageClass', '', className) as KubeObject | undefined;
  if (!storageClass) {
    const message = `storageclass.storage.k8s.io "${className}" not found`;
    events.record(claim, 'Warning', 'ProvisioningFailed', message, component);
    return;
  }
  const owner = String(storageClass['provisioner']);
  store.update('PersistentVolumeClaim', namespace, name, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, 'volume.beta.kubernetes.io/storage-provisioner': owner };
  });
  const message = `waiting for a volume to be created, either by external provisioner "${owner}" or manually created by system administrator`;
  events.record(claim, 'Normal', 'ExternalProvisioning', message, component);
  if (owner === provisioner) bind(context, claim, makeVolume(context, claim, storageClass, volumesFolder));
}

/** What becomes of a volume whose claim is gone. */
function reclaim({ store }: ControllerContext, volume: PersistentVolume, { removeVolume }: VolumeFolders): void {
  const { name, annotations, deletionTimestamp } = volume.metadata;
  const { claimRef, persistentVolumeReclaimPolicy, hostPath } = volume.spec;
  const claim = claimRef && store.get('PersistentVolumeClaim', claimRef.namespace ?? '', claimRef.name ?? '');
  const isInUse = claim !== undefined && (!claimRef?.uid || claim.metadata.uid === claimRef.uid);
  if (isInUse) return;
  const isOurs = annotations?.[provisionedBy] === provisioner;
  if (deletionTimestamp || (claimRef?.uid && isOurs && persistentVolumeReclaimPolicy === 'Delete')) {
    store.remove('PersistentVolume', '', name);
    if (isOurs && persistentVolumeReclaimPolicy === 'Delete' && hostPath) removeVolume(hostPath.path);
    return;
  }
  store.update('PersistentVolume', '', name, (copy) => {
    copy.status = { ...copy.status, phase: claimRef?.uid ? 'Released' : 'Available' };
  });
}
