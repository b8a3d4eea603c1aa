import { ApiError } from '../../store/api-error.ts';
import type { NewObject } from '../../store/object-store.ts';
import type { Pod, StatefulSet } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { createObject } from '../create-object.ts';
import { deleteObject } from '../delete-object.ts';
import { claimsFor } from './identity.ts';

const component = 'statefulset-controller';

/**
 * Makes the pod's claims that are missing, and then the pod, with an event for each.
 * @throws ApiError when one is refused, after the event that says so
 */
export function createStatefulPod(
  context: ControllerContext,
  set: StatefulSet,
  pod: NewObject<Pod>,
  name: string,
): void {
  const { store } = context;
  for (const claim of claimsFor(set, name)) {
    const claimName = claim.metadata.name ?? '';
    if (store.get('PersistentVolumeClaim', set.metadata.namespace ?? '', claimName)) continue;
    const what = `create Claim ${claimName} Pod ${name} in StatefulSet ${set.metadata.name}`;
    recorded(context, set, what, 'success', () => createObject(context, 'PersistentVolumeClaim', claim));
  }
  const what = `create Pod ${name} in StatefulSet ${set.metadata.name}`;
  recorded(context, set, what, 'successful', () => createObject(context, 'Pod', pod));
}

/** The words are those of https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/statefulset/stateful_pod_control.go */
function recorded(context: ControllerContext, set: StatefulSet, what: string, done: string, create: () => void): void {
  try {
    create();
    context.events.record(set, 'Normal', 'SuccessfulCreate', `${what} ${done}`, component);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    context.events.record(set, 'Warning', 'FailedCreate', `${what} failed error: ${error.message}`, component);
    throw error;
  }
}

/** Deletes a pod, with the event. */
export function deleteStatefulPod(context: ControllerContext, set: StatefulSet, { metadata }: Pod): void {
  deleteObject(context, 'Pod', metadata.namespace ?? '', metadata.name);
  const message = `delete Pod ${metadata.name} in StatefulSet ${set.metadata.name} successful`;
  context.events.record(set, 'Normal', 'SuccessfulDelete', message, component);
}

/** A pod that failed as a whole is replaced by a new one of its name. */
export function recordRecreation(context: ControllerContext, set: StatefulSet, { metadata }: Pod): void {
  const message = `StatefulSet ${set.metadata.namespace}/${set.metadata.name} is recreating failed Pod ${metadata.name}`;
  context.events.record(set, 'Warning', 'RecreatingFailedPod', message, component);
}
