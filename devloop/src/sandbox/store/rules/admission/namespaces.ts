import { ApiError, forbidden, notFound } from '../../api-error.ts';
import { type Kind, kindOf } from '../../kinds.ts';
import type { ObjectStore } from '../../object-store.ts';
import type { KubeObject } from '../../objects.ts';

/**
 * Nothing can be made in a namespace that is not there or that is going.
 * https://github.com/kubernetes/apiserver/blob/v0.20.2/pkg/admission/plugin/namespace/lifecycle/admission.go
 * @param refusedAs what a refusal calls the object
 * @throws ApiError 404, 403
 */
export function requireNamespace(store: ObjectStore, kind: Kind, { metadata }: KubeObject, refusedAs: string): void {
  if (!kind.namespaced) return;
  const name = metadata.namespace ?? 'default';
  const namespace = store.get('Namespace', '', name);
  if (!namespace) throw notFound(kindOf('Namespace'), name);
  if (!namespace.metadata.deletionTimestamp && namespace.status?.phase !== 'Terminating') return;
  const why = `unable to create new content in namespace ${name} because it is being terminated`;
  const { code, reason, message, details } = forbidden(kind, refusedAs, why);
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${name} is being terminated`,
    field: 'metadata.namespace',
  };
  throw new ApiError(code, reason, message, { ...details, causes: [cause] });
}
