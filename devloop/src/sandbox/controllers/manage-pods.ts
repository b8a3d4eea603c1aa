import { ApiError } from '../store/api-error.ts';
import type { NewObject } from '../store/object-store.ts';
import type { KubeObject, Pod } from '../store/objects.ts';
import type { ControllerContext } from './context.ts';
import { createObject } from './create-object.ts';
import { deleteObject } from './delete-object.ts';

type Owner = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>;

/** So many pods a controller makes in one go, at most. */
const burst = 500;

/**
 * Makes pods for an owner, with an event for each. It stops at the first that is refused.
 * @param source the component in the events
 * @returns why one was refused
 */
export function createPods(
  context: ControllerContext,
  owner: Owner,
  source: string,
  pods: readonly NewObject<Pod>[],
): ApiError | undefined {
  for (const pod of pods.slice(0, burst)) {
    try {
      const { metadata } = createObject(context, 'Pod', pod);
      context.events.record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`, source);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      context.events.record(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`, source);
      return error;
    }
  }
  return undefined;
}

/** Deletes pods of an owner, with an event for each. */
export function deletePods(context: ControllerContext, owner: Owner, source: string, pods: readonly Pod[]): void {
  for (const { metadata } of pods) {
    deleteObject(context, 'Pod', metadata.namespace ?? '', metadata.name);
    context.events.record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`, source);
  }
}
