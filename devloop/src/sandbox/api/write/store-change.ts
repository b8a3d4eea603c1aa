import type { KubeObject } from '../../store/objects.ts';
import type { Exchange } from '../exchange.ts';

/** How a change is stored. */
export interface ChangeOptions {
  readonly dryRun: boolean;
  /** `status`, when only that part may change. */
  readonly subresource?: string;
  /** False when the `managedFields` of the new object are right already, as after an apply. */
  readonly track: boolean;
}

/**
 * Stores an object in place of another, after defaults and validation.
 * @param after as the client wants it; its version has been checked
 * @throws ApiError 422
 */
export function storeChange(
  { parts, kind, writer }: Exchange,
  before: KubeObject,
  after: KubeObject,
  { dryRun, subresource, track }: ChangeOptions,
): KubeObject {
  const prepared = parts.rules.prepareUpdate(kind, before, after, subresource);
  // With the version of before, so that an object that comes out the same is no change for the store.
  const metadata = { ...prepared.metadata, resourceVersion: before.metadata.resourceVersion };
  const next: KubeObject = { ...prepared, metadata };
  if (track) parts.rules.track(kind, before, next, writer);
  if (dryRun) return next;
  const { namespace = '', name } = before.metadata;
  return parts.store.update(kind.kind, namespace, name, (copy) => replaceContent(copy, next));
}

/** Makes `target` have the fields of `source`, and no others. */
export function replaceContent(target: KubeObject, source: KubeObject): void {
  for (const field of Object.keys(target)) if (!(field in source)) delete target[field];
  Object.assign(target, source);
}
