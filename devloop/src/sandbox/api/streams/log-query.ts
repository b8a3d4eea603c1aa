import type { LogQuery } from '../../node/node-access.ts';
import { ApiError, badRequest, type Cause } from '../../store/api-error.ts';
import type { Pod } from '../../store/objects.ts';
import { containerOf, isAsked } from './pod-container.ts';

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * What a request for a log asks for. `sinceTime` counts in whole seconds, as in Kubernetes, which passes it on without
 * its fraction: a client that has a line of that second gets it again.
 * @param now epoch milliseconds
 * @throws ApiError 400 for what cannot be read, 422 for what makes no sense
 */
export function logQueryOf(pod: Pod, url: URL, now: number): LogQuery {
  const tailLines = integerOf(url, 'tailLines');
  const limitBytes = integerOf(url, 'limitBytes');
  const sinceSeconds = integerOf(url, 'sinceSeconds');
  const sinceTime = timeOf(url, 'sinceTime');
  const causes: Cause[] = [];
  if (tailLines !== undefined && tailLines < 0)
    causes.push(tooSmall('tailLines', tailLines, 'greater than or equal to'));
  if (limitBytes !== undefined && limitBytes < 1) causes.push(tooSmall('limitBytes', limitBytes, 'greater than'));
  if (sinceSeconds !== undefined && sinceTime !== undefined) causes.push(eitherSince);
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    causes.push(tooSmall('sinceSeconds', sinceSeconds, 'greater than'));
  if (causes.length > 0) throw invalidOptions(pod.metadata.name, causes);
  const since = sinceSeconds === undefined ? sinceTime : now - sinceSeconds * 1000;
  return {
    container: containerOf(pod, url.searchParams.get('container')),
    follow: isAsked(url, 'follow'),
    previous: isAsked(url, 'previous'),
    timestamps: isAsked(url, 'timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(since !== undefined && { since }),
  };
}

function integerOf(url: URL, name: string): number | undefined {
  const text = url.searchParams.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

function timeOf(url: URL, name: string): number | undefined {
  const text = url.searchParams.get(name);
  if (text === null || text === '') return undefined;
  const time = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw badRequest(`parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse "${text}" as "2006"`);
  return Math.floor(time / 1000) * 1000;
}

const tooSmall = (field: string, value: number, than: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${value}: must be ${than} 0`,
  field,
});

const eitherSince: Cause = {
  reason: 'FieldValueForbidden',
  message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
  field: '[]',
};

function invalidOptions(pod: string, causes: readonly Cause[]): ApiError {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const details = { name: pod, kind: 'PodLogOptions', causes };
  return new ApiError(422, 'Invalid', `PodLogOptions "${pod}" is invalid: ${list}`, details);
}
