import { ApiError, badRequest } from '../../store/api-error.ts';
import type { Kind } from '../../store/kinds.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import type { KubeObject } from '../../store/objects.ts';
import type { ListOptions } from './list-options.ts';
import { keyOf, objectsAt } from './objects-at.ts';
import type { ListMetadata } from './render.ts';

/** Where the next page begins, and as of which version the first one was. */
interface ContinueToken {
  readonly rv: number;
  /** The last key of the page before. */
  readonly after: string;
}

export interface ListResult {
  readonly objects: KubeObject[];
  readonly metadata: ListMetadata;
}

/**
 * Lists objects, a page when `limit` asks for one. A later page shows objects as they were when the first one was asked
 * for.
 * @param namespace all of them when not given
 * @throws ApiError 410 when the version is not kept any more, 504 when it is still to come
 */
export function listObjects(
  store: ObjectStore,
  kind: Kind,
  namespace: string | undefined,
  options: ListOptions,
): ListResult {
  const token = options.continue === '' ? undefined : parseToken(options.continue);
  if (token && isPast(store, kind, token.rv)) throw expired(continueExpired);
  const version = token?.rv ?? versionOf(store, kind, options);
  const matching = objectsAt(store, kind, namespace, version).filter(
    (object) => (!token || keyOf(object) > token.after) && options.matches(object),
  );
  const objects = options.limit > 0 ? matching.slice(0, options.limit) : matching;
  const last = objects.at(-1);
  const left = matching.length - objects.length;
  const resourceVersion = String(version);
  if (!last || left === 0) return { objects, metadata: { resourceVersion } };
  const next = Buffer.from(JSON.stringify({ rv: version, after: keyOf(last) })).toString('base64url');
  const remaining = options.selects ? {} : { remainingItemCount: left };
  return { objects, metadata: { resourceVersion, continue: next, ...remaining } };
}

const continueExpired =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results.';

const expired = (message: string): ApiError => new ApiError(410, 'Expired', message);

function versionOf(store: ObjectStore, kind: Kind, options: ListOptions): number {
  const current = store.resourceVersion;
  const asked = options.resourceVersion ?? 0;
  if (asked > current) throw tooNew(asked, current);
  if (options.resourceVersionMatch !== 'Exact') return current;
  if (isPast(store, kind, asked)) throw expired('The resourceVersion for the provided list is too old.');
  return asked;
}

/** Whether the changes after a version are not kept any more. */
function isPast(store: ObjectStore, kind: Kind, version: number): boolean {
  try {
    store.changesSince(kind.kind, version);
    return false;
  } catch (error) {
    if (error instanceof ApiError) return true;
    throw error;
  }
}

function parseToken(text: string): ContinueToken {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    throw badRequest(`invalid continue token: continue key is not valid: ${(error as Error).message}`);
  }
  const { rv, after } = (value ?? {}) as Partial<ContinueToken>;
  if (typeof rv !== 'number' || typeof after !== 'string') {
    throw badRequest(
      'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    );
  }
  return { rv, after };
}

/** https://github.com/kubernetes/apiserver/blob/v0.35.0/pkg/storage/errors.go (NewTooLargeResourceVersionError) */
const tooNew = (asked: number, current: number): ApiError =>
  new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' }],
    retryAfterSeconds: 1,
  });
