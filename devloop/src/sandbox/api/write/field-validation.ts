import { badRequest, invalid } from '../../store/api-error.ts';
import type { Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';
import type { Exchange } from '../exchange.ts';

/** What becomes of fields that a kind does not have. https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation */
type Directive = 'Ignore' | 'Warn' | 'Strict';

function directiveOf(query: URLSearchParams): Directive {
  const text = query.get('fieldValidation') || 'Warn';
  if (text === 'Ignore' || text === 'Warn' || text === 'Strict') return text;
  throw badRequest(`fieldValidation: Unsupported value: "${text}": supported values: "Ignore", "Strict", "Warn"`);
}

/**
 * Looks for unknown fields in a whole object: `Warn` warns, `Strict` refuses.
 * @throws ApiError 400: `Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: …`
 */
export async function validateFields(exchange: Exchange, body: Record<string, unknown>): Promise<void> {
  const { parts, query, kind, warnings } = exchange;
  const directive = directiveOf(query);
  if (directive === 'Ignore') return;
  const unknown = await parts.rules.unknownFields(kind, body);
  if (unknown.length === 0) return;
  if (directive === 'Warn') {
    warnings.push(...unknown);
    return;
  }
  throw badRequest(
    `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${strictError(unknown)}`,
  );
}

/**
 * The same for a patch: only fields that it brings in count.
 * @param shown the patch, as the error shows it
 * @throws ApiError 422 for the field `patch`
 */
export async function validatePatchedFields(
  exchange: Exchange,
  before: KubeObject,
  after: KubeObject,
  shown: string,
): Promise<void> {
  const { parts, query, kind, warnings } = exchange;
  const directive = directiveOf(query);
  if (directive === 'Ignore') return;
  const old = new Set(await parts.rules.unknownFields(kind, before));
  const unknown = (await parts.rules.unknownFields(kind, after)).filter((field) => !old.has(field));
  if (unknown.length === 0) return;
  if (directive === 'Warn') {
    warnings.push(...unknown);
    return;
  }
  const message = `Invalid value: ${JSON.stringify(shown)}: ${strictError(unknown)}`;
  throw invalid(nameless, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}

const strictError = (unknown: readonly string[]): string => `strict decoding error: ${unknown.join(', ')}`;

/** Kubernetes names no kind in the refusal of a patch. */
const nameless: Kind = {
  kind: '',
  group: '',
  version: '',
  plural: '',
  singular: '',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  counted: false,
};
