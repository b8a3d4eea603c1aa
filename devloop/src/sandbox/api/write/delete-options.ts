import { ApiError, type Cause } from '../../store/api-error.ts';
import type { Kind } from '../../store/kinds.ts';
import type { KubeObject } from '../../store/objects.ts';
import { isTrue } from '../http/fault-answer.ts';
import { invalidOptions, isDryRun, unsupportedField } from '../http/options-error.ts';
import { queryNumber } from '../http/query-numbers.ts';
import { isRecord } from '../http/read-body.ts';

export type Propagation = 'Foreground' | 'Background' | 'Orphan';

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/ */
export interface DeleteOptions {
  /** Undefined: what the object's finalizers or the kind say. */
  readonly propagation?: Propagation;
  readonly gracePeriodSeconds?: number;
  readonly dryRun: boolean;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

const propagations: readonly string[] = ['Foreground', 'Background', 'Orphan'];

/**
 * From the body of a delete and, where that is silent, from its query.
 * @param body empty when there was none
 * @throws ApiError 422
 */
export function parseDeleteOptions(body: Record<string, unknown>, query: URLSearchParams): DeleteOptions {
  const propagation = body['propagationPolicy'] ?? query.get('propagationPolicy') ?? undefined;
  const orphan = body['orphanDependents'] ?? booleanOf(query.get('orphanDependents'));
  const causes: Cause[] = [];
  if (propagation !== undefined && !propagations.includes(String(propagation))) {
    causes.push(unsupportedField('propagationPolicy', `"${propagation}"`, [...propagations, 'nil']));
  }
  if (propagation !== undefined && orphan !== undefined) {
    const why = 'orphanDependents and deletionPropagation cannot be both set';
    const message = `Invalid value: "${propagation}": ${why}`;
    causes.push({ reason: 'FieldValueInvalid', message, field: 'propagationPolicy' });
  }
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);

  const grace = body['gracePeriodSeconds'] ?? queryNumber(query, 'gracePeriodSeconds');
  const dryRun = [...(Array.isArray(body['dryRun']) ? body['dryRun'].map(String) : []), ...query.getAll('dryRun')];
  const preconditions = isRecord(body['preconditions']) ? body['preconditions'] : {};
  const policy = propagation ?? (orphan === undefined ? undefined : orphan ? 'Orphan' : 'Background');
  return {
    ...(policy !== undefined && { propagation: policy as Propagation }),
    ...(typeof grace === 'number' && { gracePeriodSeconds: grace }),
    dryRun: isDryRun(dryRun, 'DeleteOptions'),
    ...(typeof preconditions['uid'] === 'string' && { uid: preconditions['uid'] }),
    ...(typeof preconditions['resourceVersion'] === 'string' && {
      resourceVersion: preconditions['resourceVersion'],
    }),
  };
}

/** @throws ApiError 409 when the object is another one, or has changed since */
export function checkPreconditions(kind: Kind, object: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion, name } = object.metadata;
  const check = (what: string, asked: string | undefined, found: string, may: string) => {
    if (asked === undefined || asked === found) return;
    const why = `the ${what} in the precondition (${asked}) does not match the ${what} in record (${found}). ${may}`;
    // Kubernetes names the kind here, where every other conflict names the resource.
    const named = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
    throw new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${named} "${name}": ${why}`, {
      name,
      ...(kind.group && { group: kind.group }),
      kind: kind.kind,
    });
  };
  check('UID', options.uid, uid, 'The object might have been deleted and then recreated');
  check('ResourceVersion', options.resourceVersion, resourceVersion, 'The object might have been modified');
}

const booleanOf = (text: string | null): boolean | undefined =>
  text === null || text === '' ? undefined : isTrue(text);
