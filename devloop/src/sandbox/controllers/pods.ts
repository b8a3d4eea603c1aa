import type { NewObject } from '../store/object-store.ts';
import type { KubeObject, Pod, PodTemplate } from '../store/objects.ts';
import { findCondition } from './conditions.ts';
import { controllerReference } from './owners.ts';

export const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** Neither finished nor on its way out. */
export const isActive = (pod: Pod): boolean => !isFinished(pod) && !isTerminating(pod);

export const isReady = ({ status }: Pod): boolean => findCondition(status?.conditions, 'Ready')?.status === 'True';

export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);

/** Epoch milliseconds of the moment it became ready; undefined when it is not. */
export function readySince(pod: Pod): number | undefined {
  const time = findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime;
  return isReady(pod) && time ? Date.parse(time) : undefined;
}

/** Ready for at least so many seconds. @param now epoch milliseconds */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (minReadySeconds === 0) return isReady(pod);
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

/** Milliseconds until the next pod that is ready becomes available; undefined when none waits for that. */
export function untilNextAvailable(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods
    .filter((pod) => isReady(pod) && !isAvailable(pod, minReadySeconds, now))
    .map((pod) => (readySince(pod) ?? now) + minReadySeconds * 1000 - now);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

/** How often the containers of a pod were started again. */
export const restartsOf = ({ status }: Pod): number =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].reduce(
    (sum, { restartCount }) => sum + restartCount,
    0,
  );

/** A pod as a controller makes it from a template. @param labels in addition to the template's */
export function podFromTemplate(
  template: PodTemplate | undefined,
  owner: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>,
  name: { readonly name: string; readonly generateName?: string } | { readonly generateName: string },
  labels: { readonly [key: string]: string } = {},
): NewObject<Pod> {
  const { metadata, spec } = structuredClone(template ?? {});
  return {
    metadata: {
      ...name,
      namespace: owner.metadata.namespace ?? '',
      labels: { ...metadata?.labels, ...labels },
      ...(metadata?.annotations && { annotations: metadata.annotations }),
      ...(metadata?.finalizers && { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: spec ?? { containers: [] },
  };
}
