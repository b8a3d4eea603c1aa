import { type Kind, resourceName } from './kinds.ts';

/** One field that is wrong, as the API server reports it. */
export interface Cause {
  /** `FieldValueRequired`, `FieldValueInvalid`, … */
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export interface ApiErrorDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/**
 * What the API answers instead of an object: HTTP status, Kubernetes' reason and message. The words are those of
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/api/errors/errors.go
 */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  /** Empty where Kubernetes answers with an empty object, undefined where it answers with none. */
  readonly details: ApiErrorDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: ApiErrorDetails) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

const detailsOf = (kind: Kind, name: string): ApiErrorDetails => ({
  name,
  ...(kind.group && { group: kind.group }),
  kind: kind.plural,
});

export const notFound = (kind: Kind, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${resourceName(kind)} "${name}" not found`, detailsOf(kind, name));

export const alreadyExists = (kind: Kind, name: string): ApiError =>
  new ApiError(409, 'AlreadyExists', `${resourceName(kind)} "${name}" already exists`, detailsOf(kind, name));

export const conflict = (kind: Kind, name: string, why: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`,
    detailsOf(kind, name),
  );

/** A resourceVersion that is not the newest any more. */
export const modified = (kind: Kind, name: string): ApiError =>
  conflict(kind, name, 'the object has been modified; please apply your changes to the latest version and try again');

export const forbidden = (kind: Kind, name: string, why: string): ApiError =>
  new ApiError(403, 'Forbidden', `${resourceName(kind)} "${name}" is forbidden: ${why}`, detailsOf(kind, name));

/**
 * A refusal that says nothing of an object: its details are there, and empty.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/api/errors/errors.go (NewGenericServerResponse)
 */
export const generic = (code: number, reason: string, message: string): ApiError =>
  new ApiError(code, reason, message, {});

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

/** A watch or list from a version that is no longer kept. */
export const tooOld = (asked: number, oldest: number): ApiError =>
  new ApiError(410, 'Expired', `too old resource version: ${asked} (${oldest})`);

/** @param causes at least one; the message says a cause that is told twice once */
export function invalid({ kind, group }: Kind, name: string, causes: readonly Cause[]): ApiError {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const qualified = group ? `${kind}.${group}` : kind;
  return new ApiError(422, 'Invalid', `${qualified} "${name}" is invalid: ${list}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind,
    causes,
  });
}
