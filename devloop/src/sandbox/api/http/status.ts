import { ApiError, type ApiErrorDetails, generic } from '../../store/api-error.ts';

/** A `meta.k8s.io/v1` Status, as Kubernetes answers instead of an object. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: ApiErrorDetails;
  readonly code?: number;
}

/** The Status of an error; one that is not an ApiError is a mistake of ours and becomes a 500. */
export function failure(error: unknown): Status & { readonly code: number } {
  const known =
    error instanceof ApiError
      ? error
      : internalError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const { code, reason, message, details } = known;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && { details }),
    code,
  };
}

export const success = (details?: ApiErrorDetails): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  ...(details && { details }),
});

export const internalError = (why: string): ApiError =>
  new ApiError(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [] });

export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', 'Unauthorized');

/** A path that nothing is served under. */
export const unknownPath = (): ApiError => generic(404, 'NotFound', 'the server could not find the requested resource');

export const methodNotAllowed = (): ApiError =>
  generic(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');

export const unavailable = (message: string): ApiError => new ApiError(503, 'ServiceUnavailable', message);

/** @param accepted the media types that the request could have had */
export const unsupportedMediaType = (accepted: readonly string[]): ApiError =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
