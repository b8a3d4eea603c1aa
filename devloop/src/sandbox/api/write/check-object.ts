import { badRequest, conflict } from '../../store/api-error.ts';
import { apiVersionOf, type Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';
import { isRecord } from '../http/read-body.ts';

/**
 * A body as an object of the kind: `kind` and `apiVersion` may be missing, and must be right when they are not.
 * @param namespace of the URL; the empty text where the kind has none
 * @throws ApiError 400 in Kubernetes' words
 */
export function checkObject(kind: Kind, body: Record<string, unknown>, namespace: string): KubeObject {
  checkType(kind, body);
  const metadata = isRecord(body['metadata']) ? { ...body['metadata'] } : {};
  if (metadata['namespace'] && metadata['namespace'] !== namespace && kind.namespaced) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (kind.namespaced) metadata['namespace'] = namespace;
  else delete metadata['namespace'];
  return { ...body, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata } as unknown as KubeObject;
}

function checkType(kind: Kind, body: Record<string, unknown>): void {
  const expected = apiVersionOf(kind);
  const given = { kind: body['kind'] || kind.kind, apiVersion: body['apiVersion'] || expected };
  const refuse = (why: string) => {
    const version = String(given.apiVersion).split('/').at(-1);
    throw badRequest(`${given.kind} in version "${version}" cannot be handled as a ${kind.kind}: ${why}`);
  };
  if (given.apiVersion !== expected) {
    refuse(
      `no kind "${given.kind}" is registered for version "${given.apiVersion}" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  if (given.kind !== kind.kind) {
    const group = kind.group.split('.')[0] || 'core';
    refuse(`converting (${kind.version}.${given.kind}) to (${group}.${kind.kind}): unknown conversion`);
  }
}

/** @throws ApiError 400 when the object does not have the name of its URL */
export function checkName(object: KubeObject, name: string): void {
  const given = object.metadata.name as string | undefined;
  if (!given) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
}

/** @throws ApiError 409 when a client means another object of the same name */
export function checkUid(kind: Kind, current: KubeObject, uid: string | undefined): void {
  if (!uid || uid === current.metadata.uid) return;
  const { namespace, name } = current.metadata;
  const key = ['/registry', kind.plural, ...(namespace ? [namespace] : []), name].join('/');
  throw conflict(
    kind,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
  );
}
