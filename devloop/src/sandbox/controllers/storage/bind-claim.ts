import type { PersistentVolume, PersistentVolumeClaim } from '../../store/objects.ts';
import { compareQuantities } from '../../store/quantity.ts';
import type { ControllerContext } from '../context.ts';
import { matchesSelector } from '../labels.ts';

const boundByController = 'pv.kubernetes.io/bound-by-controller';
const bindCompleted = 'pv.kubernetes.io/bind-completed';

/** A volume that is there and serves the claim: the one that it names, or the smallest that is big enough. */
export function findVolume(
  { store }: ControllerContext,
  claim: PersistentVolumeClaim,
  className: string,
): PersistentVolume | undefined {
  const fitting = store.list('PersistentVolume').filter((volume) => isFor(volume, claim, className));
  return fitting.sort((one, other) => compareQuantities(sizeOf(one), sizeOf(other)))[0];
}

const sizeOf = ({ spec }: PersistentVolume): string => spec.capacity?.['storage'] ?? '0';

function isFor(volume: PersistentVolume, { metadata, spec }: PersistentVolumeClaim, className: string): boolean {
  const { claimRef, accessModes = [], storageClassName = '' } = volume.spec;
  if (volume.metadata.deletionTimestamp || (claimRef?.uid && claimRef.uid !== metadata.uid)) return false;
  if (claimRef && (claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace)) return false;
  if (spec.volumeName) return volume.metadata.name === spec.volumeName;
  const isAvailable = claimRef !== undefined || (volume.status?.phase ?? 'Available') === 'Available';
  return (
    isAvailable &&
    storageClassName === className &&
    (spec.accessModes ?? []).every((mode) => accessModes.includes(mode)) &&
    (!spec.selector || matchesSelector(spec.selector, volume.metadata.labels)) &&
    compareQuantities(sizeOf(volume), spec.resources?.requests?.['storage'] ?? '0') >= 0
  );
}

/** Makes volume and claim each other's. */
export function bind({ store }: ControllerContext, claim: PersistentVolumeClaim, volume: PersistentVolume): void {
  const { namespace = '', name, uid, resourceVersion } = claim.metadata;
  store.update('PersistentVolume', '', volume.metadata.name, (copy) => {
    copy.spec.claimRef ??= { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion };
    copy.spec.claimRef.uid = uid;
    copy.status = { ...copy.status, phase: 'Bound' };
  });
  store.update('PersistentVolumeClaim', namespace, name, (copy) => {
    const { annotations } = copy.metadata;
    copy.metadata.annotations = { ...annotations, [bindCompleted]: 'yes', [boundByController]: 'yes' };
    copy.spec.volumeName = volume.metadata.name;
    const { accessModes, capacity } = volume.spec;
    copy.status = {
      ...copy.status,
      phase: 'Bound',
      ...(accessModes && { accessModes }),
      ...(capacity && { capacity }),
    };
  });
}
