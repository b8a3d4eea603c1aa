import type { Kind } from '../kinds.ts';
import type { KubeObject } from '../objects.ts';

type Metadata = KubeObject['metadata'];

/** What the store filled in is the store's: a client's text cannot change it. */
export function keptMetadata({ metadata: before }: KubeObject, { metadata: after }: KubeObject): Metadata {
  const { selfLink: _, deletionTimestamp: __, deletionGracePeriodSeconds: ___, generation: ____, ...own } = after;
  const { name, namespace, uid, creationTimestamp, resourceVersion, generation } = before;
  return {
    ...own,
    name,
    ...(namespace !== undefined && { namespace }),
    uid,
    creationTimestamp,
    resourceVersion,
    ...(generation !== undefined && { generation }),
    ...(before.deletionTimestamp !== undefined && { deletionTimestamp: before.deletionTimestamp }),
    ...(before.deletionGracePeriodSeconds !== undefined && {
      deletionGracePeriodSeconds: before.deletionGracePeriodSeconds,
    }),
  };
}

/** https://github.com/kubernetes/kubernetes/tree/v1.20.2/pkg/registry (the strategies of statuses) */
const keptByStatus: Readonly<Record<string, 'labels' | 'ownerReferences'>> = {
  Deployment: 'labels',
  Pod: 'ownerReferences',
};

/** The same of a write to the status, which takes its metadata along, but for one field of some kinds. */
export function metadataWithStatus({ kind }: Kind, before: KubeObject, after: KubeObject): Metadata {
  const metadata = keptMetadata(before, after);
  const field = keptByStatus[kind];
  if (!field) return metadata;
  const { [field]: _, ...rest } = metadata;
  return { ...rest, ...(before.metadata[field] && { [field]: before.metadata[field] }) } as Metadata;
}
