import { notFound } from '../../store/api-error.ts';
import type { Kind } from '../../store/kinds.ts';
import { timestamp } from '../../store/object-store.ts';
import type { KubeObject, Pod } from '../../store/objects.ts';
import type { Exchange, NamedExchange } from '../exchange.ts';
import { readOptionalObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { success } from '../http/status.ts';
import { checkPreconditions, type DeleteOptions, type Propagation, parseDeleteOptions } from './delete-options.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';
/** Kinds whose dependents stay unless a client says otherwise, as they did when the API was new. */
const orphaning = new Set(['Job', 'ReplicationController']);
/** Kinds whose delete answers with the object. https://github.com/kubernetes/kubernetes/tree/v1.20.2/pkg/registry (ReturnDeletedObject) */
const returned = new Set(['PersistentVolume', 'PersistentVolumeClaim', 'Pod', 'ResourceQuota', 'ServiceAccount']);
/** https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/registry/batch/job/strategy.go */
const orphanedPods =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** Deletes one object as the body and the query say. @throws ApiError 404, 409, 422 */
export async function deleteObject(exchange: NamedExchange): Promise<Reply> {
  const { parts, kind, query, request, namespace, name } = exchange;
  const options = parseDeleteOptions(await readOptionalObject(request, 'DeleteOptions'), query);
  const found = parts.store.get(kind.kind, namespace, name);
  if (!found) throw notFound(kind, name);
  const { object, gone } = removeObject(exchange, found, options);
  if (!gone || returned.has(kind.kind)) return { code: 200, body: object };
  const { uid } = object.metadata;
  return { code: 200, body: success({ name, ...(kind.group && { group: kind.group }), kind: kind.plural, uid }) };
}

/**
 * Deletes an object: at once when nothing holds it, else it is marked, and goes when its finalizers, its grace period or
 * its namespace's content have.
 * @returns its last state
 */
export function removeObject(
  { parts, kind, warnings }: Exchange,
  object: KubeObject,
  options: DeleteOptions,
): { readonly object: KubeObject; readonly gone: boolean } {
  checkPreconditions(kind, object, options);
  if (kind.kind === 'Job' && options.propagation === undefined) warnings.push(orphanedPods);
  const { store, clock } = parts;
  const finalizers = finalizersFor(kind, object, options.propagation);
  const grace = kind.kind === 'Pod' ? graceSeconds(object as Pod, options.gracePeriodSeconds) : 0;
  const { namespace = '', name } = object.metadata;
  const gone = finalizers.length === 0 && grace === 0 && kind.kind !== 'Namespace';
  // Only a kind that may have a grace period is marked in the end as well.
  const isMarked = !gone || kind.kind === 'Pod';
  const mark = (copy: KubeObject) => {
    if (isMarked) markDeleted(copy, finalizers, grace, clock.now());
  };
  if (options.dryRun) {
    const tried = structuredClone(object);
    mark(tried);
    return { object: tried, gone };
  }
  if (gone) return { object: store.remove(kind.kind, namespace, name, mark) ?? object, gone };
  return { object: store.update(kind.kind, namespace, name, mark), gone };
}

/** What holds an object: its own finalizers, and the one that stands for how its dependents are treated. */
function finalizersFor(kind: Kind, { metadata }: KubeObject, propagation: Propagation | undefined): string[] {
  const given = metadata.finalizers ?? [];
  const own = given.filter((finalizer) => finalizer !== foreground && finalizer !== orphan);
  switch (propagation) {
    case 'Foreground':
      return [...own, foreground];
    case 'Orphan':
      return [...own, orphan];
    case 'Background':
      return own;
    case undefined:
      if (own.length !== given.length) return given;
      return orphaning.has(kind.kind) ? [...own, orphan] : own;
  }
}

/** https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/registry/core/pod/strategy.go (CheckGracefulDelete) */
function graceSeconds({ spec, status, metadata }: Pod, asked: number | undefined): number {
  const over = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (!spec.nodeName || over) return 0;
  const wanted = asked ?? metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return wanted < 0 ? 1 : wanted;
}

/** A second delete can only shorten the grace of the first. */
function markDeleted(copy: KubeObject, finalizers: readonly string[], grace: number, now: number): void {
  const { metadata } = copy;
  if (finalizers.length > 0) metadata.finalizers = [...finalizers];
  else delete metadata.finalizers;
  const first = metadata.deletionTimestamp === undefined;
  if (first && metadata.generation) metadata.generation += 1;
  if (first || grace < (metadata.deletionGracePeriodSeconds ?? 0)) {
    metadata.deletionTimestamp = timestamp(now + grace * 1000);
    if (copy.kind !== 'Namespace' || finalizers.length > 0) metadata.deletionGracePeriodSeconds = grace;
  }
  if (copy.kind === 'Namespace') copy['status'] = { ...(copy['status'] as object | undefined), phase: 'Terminating' };
}
