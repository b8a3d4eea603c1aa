import { apiVersionOf, type Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';
import type { Shape } from '../http/media-types.ts';
import type { Presentation } from '../parts.ts';

/** How a client wants what it asked for. */
export interface Rendering {
  readonly shape: Shape;
  readonly present: Presentation;
  /** Epoch milliseconds, for ages in tables. */
  readonly now: number;
  /** What a table's rows carry: `Metadata` when not given, `Object` or `None`. */
  readonly includeObject: string | null;
}

/** A list's own metadata. */
export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** One object as the client wants it. */
export function renderObject(kind: Kind, object: KubeObject, rendering: Rendering): unknown {
  switch (rendering.shape) {
    case 'object':
      return object;
    case 'metadata':
      return partial(object);
    case 'table':
      return renderTable(kind, [object], { resourceVersion: object.metadata.resourceVersion }, rendering);
  }
}

/** A list as the client wants it. The items of a typed list have no kind of their own, as in Kubernetes. */
export function renderList(
  kind: Kind,
  objects: readonly KubeObject[],
  metadata: ListMetadata,
  rendering: Rendering,
): unknown {
  switch (rendering.shape) {
    case 'object':
      return {
        kind: `${kind.kind}List`,
        apiVersion: apiVersionOf(kind),
        metadata,
        items: objects.map(({ kind: _kind, apiVersion: _version, ...item }) => item),
      };
    case 'metadata':
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: objects.map(partial),
      };
    case 'table':
      return renderTable(kind, objects, metadata, rendering);
  }
}

const partial = ({ metadata }: KubeObject) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});

function renderTable(
  kind: Kind,
  objects: readonly KubeObject[],
  metadata: ListMetadata,
  { present, now, includeObject }: Rendering,
): Record<string, unknown> {
  const table = present.table(kind, objects, now);
  const rows = (table['rows'] as Record<string, unknown>[]).map(({ object: _, ...row }, index) => {
    const object = objects[index];
    if (!object || includeObject === 'None') return { ...row, object: null };
    return { ...row, object: includeObject === 'Object' ? object : partial(object) };
  });
  return { ...table, kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, rows };
}
