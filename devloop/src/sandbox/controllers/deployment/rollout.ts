import type { Deployment, PodTemplate, ReplicaSet } from '../../store/objects.ts';
import { sameJson } from '../../store/same-json.ts';
import type { ControllerContext } from '../context.ts';

/** A deployment and its replica sets, as they are while it is reconciled. */
export interface Rollout {
  readonly context: ControllerContext;
  readonly deployment: Deployment;
  /** The one with the deployment's own template; undefined when it is still to be made. */
  readonly newest: ReplicaSet | undefined;
  /** All others, oldest first. */
  readonly old: readonly ReplicaSet[];
}

export const hashLabel = 'pod-template-hash';
/** A deployment's events are from this component. */
export const component = 'deployment-controller';

export const allSets = ({ newest, old }: Rollout): ReplicaSet[] => [...old, ...(newest ? [newest] : [])];

export const sizeOf = ({ spec }: ReplicaSet): number => spec.replicas ?? 1;

/** Those that are to have pods. */
export const activeSets = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.filter((set) => sizeOf(set) > 0);

export const totalSize = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, set) => sum + sizeOf(set), 0);

export const available = ({ status }: ReplicaSet): number => status?.availableReplicas ?? 0;

export const totalAvailable = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + available(set), 0);

/** True when two templates say the same, whatever hash they carry. */
export function sameTemplate(one: PodTemplate | undefined, other: PodTemplate | undefined): boolean {
  return sameJson(withoutHash(one), withoutHash(other));
}

function withoutHash(template: PodTemplate | undefined): unknown {
  // Through JSON, so that a field that is undefined and one that is not there are the same.
  const copy = JSON.parse(JSON.stringify(template ?? {})) as NonNullable<PodTemplate>;
  delete copy.metadata?.labels?.[hashLabel];
  return { ...copy, metadata: { labels: {}, ...copy.metadata } };
}
