import { ApiError } from '../../../src/sandbox/store/api-error.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';

export const object = (kind: string, apiVersion: string, rest: Record<string, unknown>): KubeObject =>
  ({
    apiVersion,
    kind,
    ...rest,
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2024-01-01T00:00:00Z',
      ...(rest['metadata'] as object | undefined),
    },
  }) as unknown as KubeObject;

export const configMap = (data?: Record<string, unknown>, metadata: object = {}): KubeObject =>
  object('ConfigMap', 'v1', { ...(data && { data }), metadata });

/** An object as a client applies it: nothing in it that the server fills in. */
export const applied = (kind: string, apiVersion: string, rest: Record<string, unknown>): KubeObject =>
  ({ apiVersion, kind, ...rest, metadata: { name: 'web', ...(rest['metadata'] as object) } }) as unknown as KubeObject;

export const deployment = (spec: Record<string, unknown>, metadata: object = {}): KubeObject =>
  object('Deployment', 'apps/v1', { spec, metadata });

export const podSpec = (spec: Record<string, unknown>): KubeObject => deployment({ template: { spec } });

/** The error of a write that must fail. */
export function errorOf(write: () => unknown): ApiError {
  try {
    write();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('the write succeeded');
}

/** A copy that throws at every attempt to change it. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) frozen(child);
    Object.freeze(value);
  }
  return value;
}
