import { badRequest } from '../../store/api-error.ts';
import type { Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';

/** Whether an object has the field values that a client asked for. */
export interface FieldSelector {
  readonly matches: (object: KubeObject) => boolean;
  /** The one name that can match, as `kubectl get NAME -w` asks. */
  readonly name?: string;
}

const paths = (...fields: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  new Map(fields.map((field) => [field, field.split('.')]));

/** What every kind has. */
const common = paths('metadata.name', 'metadata.namespace');
/**
 * What single kinds have besides. https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/v1/conversion.go
 * and the `init` of the other groups' conversions.
 */
const ofKinds: Readonly<Record<string, ReadonlyMap<string, readonly string[]>>> = {
  Pod: paths(
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ),
  Event: new Map([
    ...paths(
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'reportingComponent',
      'type',
    ),
    ['source', ['source', 'component']],
  ]),
  Secret: paths('type'),
  Namespace: paths('status.phase'),
  Node: paths('spec.unschedulable'),
  ReplicationController: paths('status.replicas'),
  Service: paths('spec.clusterIP', 'spec.type'),
  Job: paths('status.successful'),
};
/** Kinds whose conversion words the refusal in its own way, as all of core/v1 with fields of their own do. */
const shortRefusal = new Set([
  'Pod',
  'Event',
  'Secret',
  'Namespace',
  'Node',
  'ReplicationController',
  'Service',
  'Job',
]);

/** @throws ApiError 400 for a text that cannot be read, and for a field that the kind cannot be selected by */
export function parseFieldSelector(kind: Kind, text: string): FieldSelector {
  const terms = splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => parseTerm(kind, text, term));
  const name = terms.find(({ field, equal }) => field === 'metadata.name' && equal)?.value;
  return {
    matches: (object) => terms.every(({ path, equal, value }) => (valueAt(object, path) === value) === equal),
    ...(name !== undefined && { name }),
  };
}

/** At commas that no backslash precedes. */
const splitTerms = (text: string): string[] => text.match(/(?:\\.|[^,\\])+|\\$/gs) ?? [];

function parseTerm(kind: Kind, selector: string, term: string) {
  const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
  if (!match) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
  const [, field = '', operator, raw = ''] = match;
  const path = common.get(field) ?? ofKinds[kind.kind]?.get(field);
  if (!path) throw badRequest(refusal(kind, field));
  return { field, path, equal: operator !== '!=', value: unescapeValue(raw) };
}

function refusal({ kind }: Kind, field: string): string {
  return shortRefusal.has(kind)
    ? `field label not supported: ${field}`
    : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function unescapeValue(raw: string): string {
  const wrong = /\\.?/s.exec(raw.replace(/\\[\\,=]/g, ''));
  if (wrong) throw badRequest(`invalid field selector: invalid escape sequence: ${wrong[0]}`);
  return raw.replace(/\\([\\,=])/g, '$1');
}

/** A field as text; one that is not there is the empty text, as in Go. */
function valueAt(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const part of path) value = (value as Record<string, unknown> | null | undefined)?.[part];
  return value === undefined || value === null ? emptyValue(path) : String(value);
}

/** Fields that are no text in Go read as their zero value. */
const emptyValue = (path: readonly string[]): string => {
  const last = path.at(-1);
  if (last === 'unschedulable' || last === 'hostNetwork') return 'false';
  return last === 'replicas' || last === 'successful' ? '0' : '';
};
