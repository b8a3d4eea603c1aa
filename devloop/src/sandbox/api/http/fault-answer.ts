import type { Clock } from '../../../model/clock.ts';
import type { Answer, FaultRequest, Faults } from '../../faults.ts';
import { ApiError, type ApiErrorDetails } from '../../store/api-error.ts';
import type { ResourcePath } from './resource-path.ts';

const reasons = { 410: 'Expired', 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServiceUnavailable' } as const;
const messages = {
  410: 'The provided resource version is too old.',
  429: 'the server has received too many requests and has asked us to try again later',
  500: 'Internal error occurred: a fault of the sandbox',
  503: 'the server is currently unable to handle the request',
} as const;

/**
 * Does to a request what a test asked for, if it did.
 * @returns `silent` when the request must not be answered at all
 * @throws ApiError with the status that was asked for
 */
export async function meetFault(
  faults: Faults,
  clock: Clock,
  request: FaultRequest,
  signal: AbortSignal,
): Promise<'go on' | 'silent'> {
  const answer = faults.answerTo(request);
  if (!answer) return 'go on';
  if (answer.kind === 'nothing') return 'silent';
  if (answer.kind === 'status') throw errorOf(answer);
  await clock.sleep(answer.ms, signal);
  return signal.aborted ? 'silent' : 'go on';
}

/** A request as a fault sees it. */
export function faultRequest(method: string, url: URL, path: ResourcePath | undefined): FaultRequest {
  return {
    method,
    ...(path?.plural && { resource: path.plural }),
    ...(path?.subresource && { subresource: path.subresource }),
    watch: isTrue(url.searchParams.get('watch')),
    path: url.pathname,
  };
}

/** As Kubernetes reads a boolean in a query. */
export const isTrue = (text: string | null): boolean => text !== null && text !== 'false' && text !== '0';

function errorOf({ code, retryAfterSeconds }: Extract<Answer, { kind: 'status' }>): ApiError {
  const seconds = retryAfterSeconds ?? (code === 429 ? 1 : undefined);
  const details: ApiErrorDetails = seconds === undefined ? {} : { retryAfterSeconds: seconds };
  return new ApiError(code, reasons[code], messages[code], details);
}
