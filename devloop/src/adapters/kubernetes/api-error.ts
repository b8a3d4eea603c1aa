import type { IncomingMessage } from 'node:http';
import { Fault } from '../../model/errors.ts';
import { readAll } from './read-all.ts';

/** An answer of the API server that is not 2xx. */
export class ApiError extends Fault {
  readonly status: number;

  /** @param retryAfter milliseconds */
  constructor(status: number, body: string, retryAfter?: number) {
    const problem = {
      title: 'The API server refused a request',
      why: messageFrom(body) ?? kubeletWords(body) ?? `it answered ${status}`,
      fix: 'See what you may do there: kubectl auth can-i --list',
    };
    super('environment', problem, retryAfter);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** Reads the rest of an answer that is not 2xx. */
export async function apiErrorOf(response: IncomingMessage): Promise<ApiError> {
  return new ApiError(response.statusCode ?? 0, await readAll(response), retryAfterIn(response));
}

/** Whatever the server says, it is asked again after so long. */
const longestRetryAfter = 60_000;

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after; Kubernetes gives seconds, never a date. */
function retryAfterIn({ headers }: IncomingMessage): number | undefined {
  const seconds = /^\d+$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds * 1000, longestRetryAfter);
}

/** What a kubelet answers through the API server is a line of text: `container not found ("web")`. */
const kubeletWords = (body: string): string | undefined => /^[^<{\n]{1,300}$/.exec(body.trim())?.[0];

/** The `message` of a Kubernetes Status object, where the body is one. */
export function messageFrom(body: string): string | undefined {
  try {
    const value = JSON.parse(body) as { kind?: string; message?: string };
    return value.kind === 'Status' ? value.message : undefined;
  } catch {
    return undefined;
  }
}
