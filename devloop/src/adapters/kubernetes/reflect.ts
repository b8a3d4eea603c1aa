import type { Clock } from '../../model/clock.ts';
import { retryAfterOf, whyOf } from '../../model/errors.ts';
import { ApiError } from './api-error.ts';
import type { Connection } from './connection.ts';
import type { KubeObject } from './objects.ts';
import { type WatchLimits, watchObjects } from './watch-objects.ts';

export interface ReflectHandlers<T> {
  readonly changed: (object: T) => void;
  readonly removed: (object: T) => void;
  readonly lost: (why: string) => void;
  readonly connected: () => void;
}

const firstBackoff = 250;
const longestBackoff = 5000;

/**
 * Keeps a copy of one kind of object in step with the API server: list, then watch from there; after a cut watch
 * again from the last version, after 410 list again. What disappeared meanwhile is reported as removed.
 * After a failure it rests for 250 ms, doubled up to 5 s, or for as long as the server asks for (Retry-After).
 * A server that has died without a word is told as lost after 40 s at the latest: see `watchObjects`.
 * Resolves when the first list is in.
 * @throws ApiError when the first list is forbidden
 */
export function reflect<T extends KubeObject>(
  connection: Connection,
  clock: Clock,
  path: string,
  handlers: ReflectHandlers<T>,
  signal: AbortSignal,
  limits: WatchLimits = {},
): Promise<void> {
  const known = new Map<string, T>();
  let version = '';
  /** The last watch was refused for its version. */
  let expired = false;

  async function list(): Promise<void> {
    const answer = await connection.json<{ metadata: { resourceVersion: string }; items: T[] }>(
      'GET',
      path,
      undefined,
      signal,
    );
    const present = new Set(answer.items.map((item) => item.metadata?.uid ?? ''));
    for (const [uid, object] of known) {
      if (present.has(uid)) continue;
      known.delete(uid);
      handlers.removed(object);
    }
    for (const item of answer.items) store(item);
    version = answer.metadata.resourceVersion;
  }

  function store(object: T): void {
    const uid = object.metadata?.uid ?? '';
    const before = known.get(uid);
    if (before && before.metadata?.resourceVersion === object.metadata?.resourceVersion) return;
    known.set(uid, object);
    handlers.changed(object);
  }

  /** @param opened called when the server has taken the watch */
  function follow(opened: () => void): Promise<void> {
    const heard = (phase: string, object: T) => {
      version = object.metadata?.resourceVersion ?? version;
      if (phase === 'DELETED') {
        known.delete(object.metadata?.uid ?? '');
        handlers.removed(object);
      } else if (phase !== 'BOOKMARK') store(object);
    };
    const query = new URLSearchParams({ resourceVersion: version, allowWatchBookmarks: 'true' });
    return watchObjects<T>(
      connection,
      `${path}${path.includes('?') ? '&' : '?'}${query}`,
      { opened, heard },
      signal,
      limits,
    );
  }

  return new Promise((resolve, reject) => {
    async function run(): Promise<void> {
      let backoff = firstBackoff;
      let failing = false;
      let begun = false;
      const answered = () => {
        if (failing) handlers.connected();
        failing = false;
        backoff = firstBackoff;
      };
      while (!signal.aborted) {
        try {
          if (version === '') {
            await list();
            answered();
          }
          begun = true;
          resolve();
          await follow(() => {
            expired = false;
            answered();
          });
        } catch (error) {
          if (signal.aborted) break;
          if (statusOf(error) === 410) {
            version = '';
            const again = expired;
            expired = true;
            // A server that calls the version of its own new list too old fails like any other.
            if (!again) continue;
          }
          // Later on it is a server that is only just starting, or that has new certificates.
          if (!begun && (statusOf(error) === 403 || statusOf(error) === 401)) {
            reject(error);
            return;
          }
          failing = true;
          handlers.lost(whyOf(error));
          await clock.sleep(Math.max(backoff, retryAfterOf(error) ?? 0), signal);
          backoff = Math.min(backoff * 2, longestBackoff);
        }
      }
      resolve();
    }
    void run();
  });
}

const statusOf = (error: unknown): number | undefined => (error instanceof ApiError ? error.status : undefined);
