import { findKind, kinds } from '../../store/kinds.ts';
import type { KubeObject, OwnerReference } from '../../store/objects.ts';
import { type ControllerContext, follow } from '../context.ts';
import { deleteObject, foregroundFinalizer, orphanFinalizer } from '../delete-object.ts';
import { release } from '../owners.ts';
import { createWorkQueue } from '../work-queue.ts';
import { Dependents, placeOf } from './dependents.ts';

/**
 * Deletes what has lost its last owner, and does what a deletion in the foreground or one with orphans has to wait for.
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export function startGarbageCollector(context: ControllerContext): void {
  const { store } = context;
  const dependents = new Dependents();
  const queues = new Map(
    kinds.map(({ kind }) => {
      const reconcile = (namespace: string, name: string) => {
        const object = store.get(kind, namespace, name) as KubeObject | undefined;
        if (object) collect(context, dependents, object);
        return undefined;
      };
      return [kind, createWorkQueue(context, 'garbage-collector', reconcile)] as const;
    }),
  );
  const look = ({ kind, namespace, name }: ReturnType<typeof placeOf>) => queues.get(kind)?.add(namespace, name);

  for (const { kind } of kinds) {
    follow(context, kind, (change) => {
      const object = change.object as KubeObject;
      dependents.note(change.before as KubeObject | undefined, change.type === 'DELETED' ? undefined : object);
      const owners = object.metadata.ownerReferences ?? [];
      if (change.type === 'DELETED') {
        for (const dependent of dependents.of(object.metadata.uid)) look(dependent);
      } else if (owners.length > 0 || object.metadata.deletionTimestamp) look(placeOf(object));
      // An owner may wait for just this one.
      for (const owner of owners) {
        const namespace = findKind(owner.kind)?.namespaced ? (object.metadata.namespace ?? '') : '';
        look({ kind: owner.kind, namespace, name: owner.name });
      }
    });
    for (const found of store.list(kind)) {
      const object = found as unknown as KubeObject;
      dependents.note(undefined, object);
      look(placeOf(object));
    }
  }
}

function collect(context: ControllerContext, dependents: Dependents, object: KubeObject): void {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp && finalizers.includes(orphanFinalizer)) orphanDependents(context, dependents, object);
  else if (deletionTimestamp && finalizers.includes(foregroundFinalizer)) awaitDependents(context, dependents, object);
  else if (!deletionTimestamp) collectDependent(context, object);
}

/** What is known of an owner that an object names. */
type OwnerState = 'there' | 'gone' | 'waits';

function stateOf({ store }: ControllerContext, dependent: KubeObject, owner: OwnerReference): OwnerState {
  const kind = findKind(owner.kind);
  // An owner of a kind that is not served here cannot be looked up, so nothing is done about it.
  if (!kind) return 'there';
  const namespace = kind.namespaced ? (dependent.metadata.namespace ?? '') : '';
  const found = store.get(owner.kind, namespace, owner.name) as KubeObject | undefined;
  if (found?.metadata.uid !== owner.uid) return 'gone';
  const isWaiting = found.metadata.deletionTimestamp && found.metadata.finalizers?.includes(foregroundFinalizer);
  return isWaiting ? 'waits' : 'there';
}

function collectDependent(context: ControllerContext, object: KubeObject): void {
  const owners = object.metadata.ownerReferences ?? [];
  if (owners.length === 0) return;
  const { kind, namespace, name } = placeOf(object);
  const left = owners.filter((owner) => stateOf(context, object, owner) !== 'there');
  if (left.length === 0) return;
  if (left.length < owners.length) {
    // Somebody else still needs it: only the references to those that go are taken off.
    context.store.update(kind, namespace, name, (copy) => {
      for (const { uid } of left) release(copy as KubeObject, uid);
    });
    return;
  }
  const isForeground = left.some((owner) => stateOf(context, object, owner) === 'waits') && kind !== 'Pod';
  deleteObject(context, kind, namespace, name, isForeground ? 'Foreground' : 'Background');
}

function orphanDependents(context: ControllerContext, dependents: Dependents, owner: KubeObject): void {
  for (const { kind, namespace, name } of dependents.of(owner.metadata.uid)) {
    context.store.updateIfThere(kind, namespace, name, (copy) => release(copy as KubeObject, owner.metadata.uid));
  }
  removeFinalizer(context, owner, orphanFinalizer);
}

function awaitDependents(context: ControllerContext, dependents: Dependents, owner: KubeObject): void {
  const isBlocked = dependents.of(owner.metadata.uid).some(({ kind, namespace, name }) => {
    const dependent = context.store.get(kind, namespace, name) as KubeObject | undefined;
    if (!dependent) return false;
    collectDependent(context, dependent);
    const reference = dependent.metadata.ownerReferences?.find(({ uid }) => uid === owner.metadata.uid);
    return reference?.blockOwnerDeletion && context.store.get(kind, namespace, name) !== undefined;
  });
  if (!isBlocked) removeFinalizer(context, owner, foregroundFinalizer);
}

function removeFinalizer({ store }: ControllerContext, object: KubeObject, finalizer: string): void {
  const { kind, namespace, name } = placeOf(object);
  store.updateIfThere(kind, namespace, name, (copy) => {
    const { metadata } = copy as KubeObject;
    const left = (metadata.finalizers ?? []).filter((other) => other !== finalizer);
    if (left.length > 0) metadata.finalizers = left;
    else delete metadata.finalizers;
  });
}
