import type { KubeObject } from './objects.ts';

/** What happened to an object of the store. */
export interface Change<T = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** As it is after the change; for DELETED the last state, with the version of the deletion. */
  readonly object: T;
  /** As it was before; undefined for ADDED. */
  readonly before?: T;
  readonly resourceVersion: number;
}
