import { type Column, columnsOf, number, text, untypedColumns, wide, yes } from './column.ts';

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const modes = (all: readonly string[] | undefined): string =>
  Object.entries(shortModes)
    .filter(([mode]) => all?.includes(mode))
    .map(([, short]) => short)
    .join(',');

const isDefault = 'storageclass.kubernetes.io/is-default-class';

interface StorageClass {
  metadata: { name: string; annotations?: Record<string, string> };
  provisioner: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
}

const storageClass = untypedColumns<StorageClass>([
  text('Provisioner', ({ provisioner }) => provisioner),
  text('ReclaimPolicy', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
  text('VolumeBindingMode', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
  yes('AllowVolumeExpansion', ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
]).map((column) =>
  column.format === 'name'
    ? {
        ...column,
        cell: ({ metadata }: { metadata: StorageClass['metadata'] }) =>
          metadata.annotations?.[isDefault] === 'true' ? `${metadata.name} (default)` : metadata.name,
      }
    : column,
);

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/printers/internalversion/printers.go */
export const storageColumns: Readonly<Record<string, readonly Column[]>> = {
  PersistentVolumeClaim: columnsOf(
    'PersistentVolumeClaim',
    [
      text('Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : status?.phase)),
      text('Volume', ({ spec }) => spec.volumeName ?? ''),
      text('Capacity', ({ spec, status }) => (spec.volumeName ? (status?.capacity?.['storage'] ?? '0') : '')),
      text('Access Modes', ({ spec, status }) => (spec.volumeName ? modes(status?.accessModes) : '')),
      text('StorageClass', ({ spec }) => spec.storageClassName ?? ''),
    ],
    [wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>')],
  ),
  PersistentVolume: columnsOf(
    'PersistentVolume',
    [
      text('Capacity', ({ spec }) => spec.capacity?.['storage'] ?? '0'),
      text('Access Modes', ({ spec }) => modes(spec.accessModes)),
      text('Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy),
      text('Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : status?.phase)),
      text('Claim', ({ spec: { claimRef } }) => (claimRef ? `${claimRef.namespace}/${claimRef.name}` : '')),
      text('StorageClass', ({ spec }) => spec.storageClassName ?? ''),
      text('Reason', ({ status }) => status?.reason ?? ''),
    ],
    [wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>')],
  ),
  StorageClass: storageClass,
  ConfigMap: columnsOf('ConfigMap', [
    number('Data', ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length),
  ]),
  Secret: columnsOf('Secret', [
    text('Type', ({ type }) => type),
    number('Data', ({ data = {} }) => Object.keys(data).length),
  ]),
};
