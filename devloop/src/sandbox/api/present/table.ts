import type { Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';
import { clusterColumns } from './cluster-columns.ts';
import { ageColumn, type Column, nameColumn } from './column.ts';
import { eventColumns } from './event-columns.ts';
import { networkColumns } from './network-columns.ts';
import { storageColumns } from './storage-columns.ts';
import { workloadColumns } from './workload-columns.ts';

const columnsByKind: Readonly<Record<string, readonly Column[]>> = {
  ...workloadColumns,
  ...networkColumns,
  ...storageColumns,
  ...eventColumns,
  ...clusterColumns,
};
const plain: readonly Column[] = [nameColumn, ageColumn];

/** Why a pod that has ended is not counted with the others; kubectl hides such rows on demand. */
function rowConditions({ kind }: Kind, object: KubeObject): { conditions?: unknown[] } {
  const { phase } = (object['status'] ?? {}) as { phase?: string };
  if (kind !== 'Pod' || (phase !== 'Succeeded' && phase !== 'Failed')) return {};
  const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
  return { conditions: [{ type: 'Completed', status: 'True', reason: phase, message }] };
}

/**
 * Objects as a `meta.k8s.io/v1` Table; the list's own metadata is the caller's to add.
 * @param now epoch milliseconds
 */
export function tableOf(kind: Kind, objects: readonly KubeObject[], now: number): Record<string, unknown> {
  const columns = columnsByKind[kind.kind] ?? plain;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions: columns.map(({ cell: _, ...definition }) => definition),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      ...rowConditions(kind, object),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}
