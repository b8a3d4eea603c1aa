import type { PersistentVolumeClaim, Pod } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { isFinished } from '../pods.ts';

const finalizer = 'kubernetes.io/pvc-protection';

/** The names of the claims that a pod mounts. */
export const claimsOf = ({ spec }: Pod): string[] =>
  (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

/** Keeps a claim that is deleted until no pod uses it any more. */
export function protectClaim({ store }: ControllerContext, claim: PersistentVolumeClaim): void {
  const { namespace = '', name, deletionTimestamp, finalizers = [] } = claim.metadata;
  if (!deletionTimestamp && !finalizers.includes(finalizer)) {
    store.update('PersistentVolumeClaim', namespace, name, ({ metadata }) => {
      metadata.finalizers = [...finalizers, finalizer];
    });
  }
  if (!deletionTimestamp || !finalizers.includes(finalizer)) return;
  const isUsed = store.list('Pod', namespace).some((pod) => claimsOf(pod).includes(name) && !isFinished(pod));
  if (isUsed) return;
  store.update('PersistentVolumeClaim', namespace, name, ({ metadata }) => {
    metadata.finalizers = finalizers.filter((other) => other !== finalizer);
  });
}
