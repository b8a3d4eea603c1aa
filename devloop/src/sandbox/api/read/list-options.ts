import type { Cause } from '../../store/api-error.ts';
import { badRequest } from '../../store/api-error.ts';
import type { Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';
import { isTrue } from '../http/fault-answer.ts';
import { forbiddenField, invalidOptions, unsupportedField } from '../http/options-error.ts';
import { queryNumber, resourceVersionOf } from '../http/query-numbers.ts';
import { parseFieldSelector } from '../selectors/field-selector.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';

/** What a list or watch asks for. */
export interface ListOptions {
  readonly watch: boolean;
  readonly matches: (object: KubeObject) => boolean;
  /** True when a selector narrows the list. */
  readonly selects: boolean;
  /** Undefined asks for the newest state. */
  readonly resourceVersion?: number;
  readonly resourceVersionMatch: string;
  readonly sendInitialEvents?: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds?: number;
  /** Zero: everything at once. */
  readonly limit: number;
  readonly continue: string;
}

/**
 * Reads the query of a list or watch.
 * @param name of a path that names one object: the same as a field selector
 * @throws ApiError 400 and 422 in Kubernetes' words
 */
export function parseListOptions(kind: Kind, query: URLSearchParams, name?: string): ListOptions {
  const labelSelector = query.get('labelSelector') ?? '';
  const fieldSelector = query.get('fieldSelector') ?? '';
  const labels = parseLabelSelector(labelSelector);
  const fields = parseFieldSelector(kind, fieldSelector);
  if (name !== undefined && fieldSelector !== '' && fields.name !== name) {
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  }
  const initial = query.get('sendInitialEvents');
  const resourceVersion = resourceVersionOf(query);
  const timeoutSeconds = queryNumber(query, 'timeoutSeconds');
  const options: ListOptions = {
    watch: isTrue(query.get('watch')),
    matches: (object) =>
      (name === undefined || object.metadata.name === name) && labels(object.metadata.labels) && fields.matches(object),
    selects: labelSelector !== '' || fieldSelector !== '',
    ...(resourceVersion !== undefined && { resourceVersion }),
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    ...(initial !== null && initial !== '' && { sendInitialEvents: isTrue(initial) }),
    allowWatchBookmarks: isTrue(query.get('allowWatchBookmarks')),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    limit: queryNumber(query, 'limit') ?? 0,
    continue: query.get('continue') ?? '',
  };
  const causes = options.watch ? watchCauses(options) : listCauses(options, query.get('resourceVersion') ?? '');
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
  return options;
}

/** https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/apis/meta/internalversion/validation/validation.go */
function listCauses(options: ListOptions, resourceVersion: string): Cause[] {
  const causes: Cause[] = [];
  const match = options.resourceVersionMatch;
  const forbid = (why: string) => causes.push(forbiddenField('resourceVersionMatch', why));
  if (match !== '') {
    if (resourceVersion === '') forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (options.continue) forbid('resourceVersionMatch is forbidden when continue is provided');
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      causes.push(unsupportedField('resourceVersionMatch', `"${match}"`, ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && resourceVersion === '0') {
      forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (options.sendInitialEvents !== undefined) {
    causes.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  return causes;
}

function watchCauses(options: ListOptions): Cause[] {
  const causes: Cause[] = [];
  const match = options.resourceVersionMatch;
  const asked = options.sendInitialEvents !== undefined;
  const forbid = (why: string) => causes.push(forbiddenField('resourceVersionMatch', why));
  if (asked && match !== 'NotOlderThan') {
    forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (match !== '' && !asked) {
    forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  if (match !== '' && match !== 'NotOlderThan') {
    causes.push(unsupportedField('resourceVersionMatch', `"${match}"`, ['NotOlderThan']));
  }
  if (match !== '' && options.continue) forbid('resourceVersionMatch is forbidden when continue is provided');
  return causes;
}
