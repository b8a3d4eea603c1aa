import { LineSplitter } from '../../lib/lines.ts';
import { ApiError } from './api-error.ts';
import type { Connection } from './connection.ts';
import type { KubeObject } from './objects.ts';

/** Milliseconds. */
export interface WatchLimits {
  /** Until the server has taken the watch. Default 10 s. */
  readonly openMs?: number;
  /** How long it may say nothing. Default 30 s. */
  readonly silentMs?: number;
}

export interface WatchHandlers<T> {
  /** The server has taken the watch. */
  readonly opened: () => void;
  /** @param phase ADDED, MODIFIED, DELETED or BOOKMARK */
  readonly heard: (phase: string, object: T) => void;
}

/**
 * One watch of a kind of object, to its end. It resolves when the server ends it, and when nothing has come for
 * `silentMs`: a connection that died without a word looks the same, so that the next watch has to show whether the
 * server is there. (It sends a bookmark once a minute only.)
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 * @param path with its query, but for `watch=true`
 * @throws ApiError for a watch that is refused, at once or later (410); the error of the socket; Error when it is not
 * taken within `openMs`
 */
export async function watchObjects<T extends KubeObject>(
  connection: Connection,
  path: string,
  { opened, heard }: WatchHandlers<T>,
  signal: AbortSignal,
  { openMs = 10_000, silentMs = 30_000 }: WatchLimits = {},
): Promise<void> {
  const ending = new AbortController();
  const onAbort = () => ending.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  let silent = false;
  let timer = setTimeout(() => ending.abort(new Error(`a watch was not taken within ${openMs / 1000} s`)), openMs);
  try {
    const stream = await connection.stream(`${path}&watch=true`, ending.signal);
    clearTimeout(timer);
    timer = setTimeout(() => {
      silent = true;
      ending.abort();
    }, silentMs);
    opened();
    const lines = new LineSplitter((line) => {
      const { type, object } = JSON.parse(line) as { type: string; object: T & { code?: number } };
      if (type === 'ERROR') throw new ApiError(object.code ?? 0, JSON.stringify(object));
      heard(type, object);
    });
    stream.setEncoding('utf8');
    for await (const chunk of stream) {
      timer.refresh();
      lines.push(chunk as string);
    }
  } catch (error) {
    if (!silent) throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
