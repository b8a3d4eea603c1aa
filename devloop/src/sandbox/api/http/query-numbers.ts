import { ApiError, badRequest } from '../../store/api-error.ts';

/** A whole number of a query; undefined when it is not given. @throws ApiError 400 in Go's words */
export function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

/**
 * A resource version of a query; undefined when none is given.
 * @throws ApiError 500 without a reason, as Kubernetes 1.20 answers
 */
export function resourceVersionOf(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion');
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text)) {
    const quoted = JSON.stringify(text);
    const why = `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
    throw new ApiError(500, '', why);
  }
  return Number(text);
}
