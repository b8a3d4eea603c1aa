import { kindOf } from '../../../src/sandbox/store/kinds.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';
import { applyObject } from '../../../src/sandbox/store/patch/apply-object.ts';
import { patchObject } from '../../../src/sandbox/store/patch/patch-object.ts';
import { trackFields } from '../../../src/sandbox/store/patch/track-fields.ts';
import { applied, frozen } from './objects.ts';

export const now = '2024-05-06T07:08:09Z';
export const later = '2024-05-06T07:09:09Z';

export function apply(
  current: KubeObject | undefined,
  config: KubeObject,
  manager = 'one',
  force = false,
  time = now,
): KubeObject {
  return applyObject(kindOf(config.kind), current && frozen(current), frozen(config), { manager }, force, time);
}

/** An update by a merge patch. */
export function update(current: KubeObject, patch: unknown, manager = 'ed', subresource?: string): KubeObject {
  const after = patchObject(kindOf(current.kind), frozen(current), 'merge', patch);
  trackFields(kindOf(current.kind), current, after, { manager, ...(subresource && { subresource }) }, now);
  return after;
}

export const created = (object: KubeObject, manager = 'maker'): KubeObject => {
  const after = structuredClone(object);
  trackFields(kindOf(object.kind), undefined, after, { manager }, now);
  return after;
};

export const fields = ({ metadata }: KubeObject, manager = 'one'): unknown =>
  metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1;

export const map = (data: Record<string, unknown>): KubeObject => applied('ConfigMap', 'v1', { data });
