import type { KubeObject } from '../store/objects.ts';
import { type ControllerContext, follow } from './context.ts';
import { type LabelSelector, matchesSelector } from './labels.ts';
import { controllerOf } from './owners.ts';
import { createWorkQueue, type Reconcile, type WorkQueue } from './work-queue.ts';

/** Starts a controller: it looks at every object of its kind that is there, and at each one that changes. */
export function runController(
  context: ControllerContext,
  controller: string,
  kind: string,
  reconcile: Reconcile,
): WorkQueue {
  const queue = createWorkQueue(context, controller, reconcile);
  follow(context, kind, ({ object }) => queue.add(object.metadata.namespace ?? '', object.metadata.name));
  for (const { metadata } of context.store.list(kind)) queue.add(metadata.namespace ?? '', metadata.name);
  return queue;
}

/**
 * Looks at an owner again when something of its changes: what it controls, what it controlled before the change, and,
 * with a selector in its spec, what nobody controls and it could adopt.
 */
export function followOwned(context: ControllerContext, kind: string, ownerKind: string, queue: WorkQueue): void {
  const { store } = context;
  follow(context, kind, ({ object, before }) => {
    const namespace = object.metadata.namespace ?? '';
    for (const version of [object, before]) {
      const owner = version && controllerOf(version);
      if (owner?.kind === ownerKind) queue.add(namespace, owner.name);
    }
    if (controllerOf(object)) return;
    for (const owner of store.list(ownerKind, namespace)) {
      if (matchesSelector(selectorOf(owner), object.metadata.labels)) queue.add(namespace, owner.metadata.name);
    }
  });
}

const selectorOf = (owner: KubeObject): LabelSelector | undefined =>
  (owner['spec'] as { selector?: LabelSelector } | undefined)?.selector;
