import { badRequest, invalid, notFound } from '../../store/api-error.ts';
import type { Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';
import type { NamedExchange } from '../exchange.ts';
import { isDryRun } from '../http/options-error.ts';
import { isRecord, readObject } from '../http/read-body.ts';
import type { Reply } from '../http/send.ts';
import { checkName } from '../write/check-object.ts';
import { readPatch } from '../write/patch-object.ts';
import { storeChange } from '../write/store-change.ts';

/** Not a kind of its own: how many replicas another object has. */
const scaleKind: Kind = {
  kind: 'Scale',
  group: 'autoscaling',
  version: 'v1',
  plural: 'scales',
  singular: 'scale',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  counted: false,
};

/** An `autoscaling/v1` Scale. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
interface Scale extends KubeObject {
  spec: { replicas?: unknown };
}

/** GET, PUT and PATCH of `…/scale`. @throws ApiError 404, 409, 422 */
export async function serveScale(exchange: NamedExchange): Promise<Reply> {
  const { parts, kind, request, query, name } = exchange;
  if (request.method === 'GET') {
    const scaled = current(exchange);
    if (!scaled) throw notFound({ ...kind, plural: `${kind.plural}/scale` }, name);
    return { code: 200, body: scaleOf(scaled) };
  }
  const isPatch = request.method === 'PATCH';
  const change = isPatch ? await readPatch(exchange) : asScale(await readObject(request, 'Scale'), name);
  const dryRun = isDryRun(query.getAll('dryRun'), isPatch ? 'PatchOptions' : 'UpdateOptions');
  const before = current(exchange);
  if (!before) throw notFound(kind, name);
  // A strategic patch of a Scale is a merge patch: it has no lists.
  const wanted =
    'patch' in change
      ? parts.rules.patch(scaleKind, scaleOf(before), change.type === 'json' ? 'json' : 'merge', change.patch)
      : change;
  parts.store.requireVersion(kind.kind, before, wanted.metadata.resourceVersion);
  const after = { ...before, spec: { ...(before['spec'] as object), replicas: replicasOf(wanted as Scale, name) } };
  return { code: 200, body: scaleOf(storeChange(exchange, before, after, { dryRun, track: true })) };
}

const current = ({ parts, kind, namespace, name }: NamedExchange): KubeObject | undefined =>
  parts.store.get(kind.kind, namespace, name);

function asScale(body: Record<string, unknown>, name: string): KubeObject {
  const kind = body['kind'] ?? 'Scale';
  if (kind !== 'Scale') throw badRequest(`${kind} in version "v1" cannot be handled as a Scale`);
  const scale = { ...body, metadata: isRecord(body['metadata']) ? body['metadata'] : {} } as unknown as KubeObject;
  checkName(scale, name);
  return scale;
}

function replicasOf({ spec }: Scale, name: string): number {
  const replicas = spec?.replicas ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest('Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a whole number');
  }
  if (replicas >= 0) return replicas;
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  throw invalid(scaleKind, name, [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }]);
}

function scaleOf({ metadata, ...object }: KubeObject): KubeObject {
  const spec = object['spec'] as { replicas?: number; selector?: unknown } | undefined;
  const status = object['status'] as { replicas?: number } | undefined;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: spec?.replicas ? { replicas: spec.replicas } : {},
    status: { replicas: status?.replicas ?? 0, selector: selectorText(spec?.selector) },
  };
}

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A selector as the text that a client puts into `labelSelector`. */
function selectorText(selector: unknown): string {
  if (!isRecord(selector)) return '';
  const { matchLabels, matchExpressions } = selector as {
    matchLabels?: Record<string, string>;
    matchExpressions?: readonly Expression[];
  };
  // A ReplicationController's selector is plain labels.
  const labels = matchLabels || matchExpressions ? (matchLabels ?? {}) : (selector as Record<string, string>);
  const equalities = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [...equalities, ...(matchExpressions ?? []).map(expressionText)].sort().join(',');
}

function expressionText({ key, operator, values = [] }: Expression): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${[...values].sort().join(',')})`;
}
