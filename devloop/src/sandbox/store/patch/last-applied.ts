import { apiVersionOf, type Kind } from '../kinds.ts';
import type { KubeObject } from '../objects.ts';
import { difference, emptySet, type FieldSet, union } from './field-set.ts';
import { isObject } from './json.ts';
import { schemaOf } from './kind-schemas.ts';
import { compare, fieldsOf } from './object-fields.ts';
import { withoutManagedFields } from './track-fields.ts';

/** Where the client side of `kubectl apply` remembers what it applied. */
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The manager whose server-side applies follow on its client-side ones. */
export const kubectl = 'kubectl';

/**
 * The fields that client-side apply wrote and nobody changed since: a first server-side apply of kubectl may take them.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/managedfields/internal/lastappliedmanager.go
 */
export function fieldsAppliedByClient(kind: Kind, live: KubeObject): FieldSet {
  const last = parsed(live.metadata.annotations?.[annotation]);
  if (!isObject(last) || last['apiVersion'] !== apiVersionOf(kind)) return emptySet;
  const schema = schemaOf(kind);
  const { changed, removed } = compare(last, withoutManagedFields(live), schema);
  return difference(fieldsOf(last, schema), union(changed, removed));
}

/** Keeps the annotation, where there is one, up to date with what kubectl applies on the server side. */
export function updateLastApplied(object: KubeObject, applied: KubeObject): void {
  const { annotations } = object.metadata;
  if (!annotations?.[annotation]) return;
  const { [annotation]: _, ...own } = applied.metadata.annotations ?? {};
  const metadata = { ...applied.metadata, ...(applied.metadata.annotations && { annotations: own }) };
  annotations[annotation] = `${JSON.stringify(sorted({ ...applied, metadata }))}\n`;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** With keys in order, as Go writes a map. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : isObject(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([key, item]) => [key, sorted(item)]),
        )
      : value;
