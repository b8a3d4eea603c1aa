import { timestamp } from '../store/object-store.ts';
import type { KubeObject, Pod } from '../store/objects.ts';
import type { ControllerContext } from './context.ts';

/** The finalizer that keeps an object until its dependents are gone. */
export const foregroundFinalizer = 'foregroundDeletion';
/** The finalizer that keeps an object until its dependents are on their own. */
export const orphanFinalizer = 'orphan';

/**
 * Deletes an object as a client of the API would. A pod that runs is only told to end: the node removes it. An object
 * with finalizers stays until they are gone. Nothing happens when there is none, or when it is being deleted already.
 * @param propagation what becomes of its dependents; the garbage collector does it
 */
export function deleteObject(
  { store, clock }: Pick<ControllerContext, 'store' | 'clock'>,
  kind: string,
  namespace: string,
  name: string,
  propagation: 'Background' | 'Foreground' | 'Orphan' = 'Background',
): void {
  const object = store.get(kind, namespace, name) as KubeObject | undefined;
  if (!object || object.metadata.deletionTimestamp) return;
  const grace = kind === 'Pod' ? gracePeriod(object as Pod) : 0;
  const added =
    propagation === 'Foreground' ? [foregroundFinalizer] : propagation === 'Orphan' ? [orphanFinalizer] : [];
  const finalizers = [...new Set([...(object.metadata.finalizers ?? []), ...added])];
  if (grace === 0 && finalizers.length === 0) {
    store.remove(kind, namespace, name);
    return;
  }
  store.update(kind, namespace, name, ({ metadata }) => {
    metadata.deletionTimestamp = timestamp(clock.now() + grace * 1000);
    metadata.deletionGracePeriodSeconds = grace;
    if (finalizers.length > 0) metadata.finalizers = finalizers;
  });
}

/** In seconds. https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/registry/core/pod/strategy.go (CheckGracefulDelete) */
function gracePeriod({ spec, status }: Pod): number {
  const isFinished = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return spec.nodeName && !isFinished ? (spec.terminationGracePeriodSeconds ?? 30) : 0;
}
