import type { Deployment, Metadata, ReplicaSet } from '../../store/objects.ts';
import { maxSurge, replicasOf } from './limits.ts';

const prefix = 'deployment.kubernetes.io/';
export const revisionAnnotation = `${prefix}revision`;
const historyAnnotation = `${prefix}revision-history`;
const desiredAnnotation = `${prefix}desired-replicas`;
const maxAnnotation = `${prefix}max-replicas`;

/** What belongs to the deployment alone. */
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.revision',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
]);

type Annotated = { readonly metadata: Pick<Metadata, 'annotations'> };

const numberIn = ({ metadata }: Annotated, name: string): number | undefined => {
  const text = metadata.annotations?.[name];
  return text === undefined ? undefined : Number(text);
};

/** 0 when it has none. */
export const revisionOf = (object: Annotated): number => numberIn(object, revisionAnnotation) ?? 0;

/** The deployment's size when the replica set was last scaled; tells a scaling from a rollout. */
export const desiredReplicas = (set: Annotated): number | undefined => numberIn(set, desiredAnnotation);

/** The same with surge. */
export const maxReplicas = (set: Annotated): number | undefined => numberIn(set, maxAnnotation);

/** The deployment's size, as its replica sets carry it. */
export const sizeAnnotations = (deployment: Deployment): { [name: string]: string } => ({
  [desiredAnnotation]: String(replicasOf(deployment)),
  [maxAnnotation]: String(replicasOf(deployment) + maxSurge(deployment)),
});

/** The deployment's own annotations and the revision, as the newest replica set carries them. */
export function annotateNewest(
  annotations: ReplicaSet['metadata']['annotations'],
  deployment: Deployment,
  revision: number,
): { [name: string]: string } {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !notCopied.has(name));
  const next: { [name: string]: string } = { ...annotations, ...Object.fromEntries(own) };
  const former = annotations?.[revisionAnnotation];
  if (Number(former ?? 0) >= revision) return next;
  next[revisionAnnotation] = String(revision);
  if (former !== undefined) {
    // It was the newest before and is so again: the number that it loses stays in its history.
    next[historyAnnotation] = [annotations?.[historyAnnotation], former].filter(Boolean).join(',');
  }
  return next;
}
