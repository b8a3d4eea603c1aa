import type { Change } from '../../store/change.ts';
import { apiVersionOf, type Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';
import { type Rendering, renderObject } from './render.ts';

/** A line of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

/**
 * What a change is to a watch that selects: one that does not match any more was deleted for it, one that begins to
 * match was added. Undefined when it is none of its business.
 */
export function selectChange(
  { type, object, before }: Change,
  matches: (object: KubeObject) => boolean,
): { readonly type: Change['type']; readonly object: KubeObject } | undefined {
  const matched = before !== undefined && matches(before);
  if (type === 'DELETED') return matched ? { type, object } : undefined;
  if (matches(object)) return { type: matched ? 'MODIFIED' : 'ADDED', object };
  if (!matched) return undefined;
  // Kubernetes tells the last state that matched, with the version of the change.
  const metadata = { ...before.metadata, resourceVersion: object.metadata.resourceVersion };
  return { type: 'DELETED', object: { ...before, metadata } };
}

/** Makes the lines of one watch: a table names its columns once only. */
export function createEventRenderer(kind: Kind, rendering: () => Rendering) {
  let named = false;
  const render = (type: WatchEvent['type'], object: KubeObject): WatchEvent => {
    const rendered = renderObject(kind, object, rendering());
    if (rendering().shape !== 'table') return { type, object: rendered };
    const table = rendered as Record<string, unknown>;
    const event = { type, object: named ? { ...table, columnDefinitions: null } : table };
    named = true;
    return event;
  };
  return {
    render,
    /** Tells up to which version a client knows everything. @param initialEnd ends the initial events of a streaming list */
    bookmark: (resourceVersion: number, initialEnd: boolean): WatchEvent =>
      render('BOOKMARK', {
        kind: kind.kind,
        apiVersion: apiVersionOf(kind),
        metadata: {
          creationTimestamp: null,
          resourceVersion: String(resourceVersion),
          ...(initialEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
        } as unknown as KubeObject['metadata'],
      }),
  };
}
