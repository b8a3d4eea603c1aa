import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../model/clock.ts';
import type { Faults } from '../../faults.ts';
import { ApiError } from '../../store/api-error.ts';
import type { Change } from '../../store/change.ts';
import type { Kind } from '../../store/kinds.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { failure } from '../http/status.ts';
import type { ListOptions } from './list-options.ts';
import type { Rendering } from './render.ts';
import { createEventRenderer, selectChange } from './watch-events.ts';
import { createLineWriter } from './watch-line-writer.ts';

/** How often a client hears that nothing has changed. */
const bookmarkMs = 60_000;
/** A watch without a timeout of its own ends after this much, and up to twice as long. */
const shortestMs = 30 * 60_000;

export interface WatchRequest {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly kind: Kind;
  /** All namespaces when not given. */
  readonly namespace?: string;
  readonly options: ListOptions;
  readonly rendering: () => Rendering;
}

/**
 * Serves a watch: what there is already when the client has no version, what changed since its version, and every
 * change from now on, until its time is over or the client leaves.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 * @returns what ends it early; it resolves when the client has been sent everything, or is cut for not reading
 */
export function serveWatch(response: ServerResponse, watch: WatchRequest): () => Promise<void> {
  const { store, clock, faults, kind, namespace, options } = watch;
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  const write = createLineWriter(response);
  const { render, bookmark } = createEventRenderer(kind, watch.rendering);
  const send = (change: Change) => {
    if (namespace !== undefined && change.object.metadata.namespace !== namespace) return;
    const selected = selectChange(change, options.matches);
    if (selected) write(render(selected.type, selected.object));
  };

  try {
    for (const change of changesToTell(store, kind, options)) send(change);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    write({ type: 'ERROR', object: failure(error) });
    response.end();
    return () => sent(response);
  }
  if (options.sendInitialEvents && options.allowWatchBookmarks) write(bookmark(store.resourceVersion, true));

  const stops = [store.subscribe(kind.kind, send as Parameters<typeof store.subscribe>[1])];
  const stop = () => {
    for (const end of stops.splice(0)) end();
  };
  const end = () => {
    if (stops.length > 0 && options.allowWatchBookmarks) write(bookmark(store.resourceVersion, false));
    stop();
    response.end();
  };
  stops.push(faults.open('watch', () => response.destroy()));
  stops.push(clock.after(timeoutMs(options), end));
  if (options.allowWatchBookmarks) {
    stops.push(every(clock, bookmarkMs, () => write(bookmark(store.resourceVersion, false))));
  }
  response.once('close', stop);
  return () => {
    end();
    return sent(response);
  };
}

/** A client that is behind already is not waited for. */
async function sent(response: ServerResponse): Promise<void> {
  if (response.writableNeedDrain) response.destroy();
  if (response.writableFinished || response.destroyed) return;
  await new Promise<void>((resolve) => {
    response.once('finish', resolve);
    response.once('close', resolve);
  });
}

/** What a watch tells before it waits for changes. @throws ApiError 410 when the changes are not kept any more */
function changesToTell(store: ObjectStore, kind: Kind, options: ListOptions): readonly Change[] {
  const version = options.resourceVersion ?? 0;
  const initial = options.sendInitialEvents ?? version === 0;
  if (!initial) return version === 0 ? [] : store.changesSince(kind.kind, version);
  return store
    .list(kind.kind)
    .map((object) => ({ type: 'ADDED', object, resourceVersion: Number(object.metadata.resourceVersion) }));
}

function timeoutMs({ timeoutSeconds }: ListOptions): number {
  return timeoutSeconds ? timeoutSeconds * 1000 : shortestMs * (1 + Math.random());
}

/** Calls back again and again; the returned function ends it. */
function every(clock: Clock, ms: number, callback: () => void): () => void {
  let cancel = clock.after(ms, again);
  function again() {
    cancel = clock.after(ms, again);
    callback();
  }
  return () => cancel();
}
