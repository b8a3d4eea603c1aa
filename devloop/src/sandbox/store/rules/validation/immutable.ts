import { isDeepStrictEqual } from 'node:util';
import type {
  ConfigMap,
  DaemonSet,
  Deployment,
  Job,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Secret,
  StatefulSet,
} from '../../objects.ts';
import type { FieldErrors } from './field-errors.ts';
import { GoText, goSelector } from './go-value.ts';

const immutable = 'field is immutable';

/** An error when a value is not what it was. @param show how Go prints it, where that is known */
function keep(before: unknown, after: unknown, field: string, errors: FieldErrors, show: unknown = after): void {
  if (!isDeepStrictEqual(before, after)) errors.invalid(field, show, immutable);
}

export function validateSelectorUpdate(
  before: Deployment | ReplicaSet | DaemonSet,
  after: Deployment | ReplicaSet | DaemonSet,
  errors: FieldErrors,
): void {
  keep(before.spec.selector, after.spec.selector, 'spec.selector', errors, goSelector(after.spec.selector ?? {}));
}

const statefulFields = ['replicas', 'template', 'updateStrategy'] as const;

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/apps/validation/validation.go */
export function validateStatefulSetUpdate(before: StatefulSet, after: StatefulSet, errors: FieldErrors): void {
  const rest = structuredClone(after.spec);
  for (const field of statefulFields) Object.assign(rest, { [field]: before.spec[field] });
  const same = { ...before.spec, revisionHistoryLimit: rest.revisionHistoryLimit };
  const { minReadySeconds: _one, persistentVolumeClaimRetentionPolicy: _two, ordinals: _three, ...fixed } = rest;
  const { minReadySeconds: _four, persistentVolumeClaimRetentionPolicy: _five, ordinals: _six, ...was } = same;
  if (!isDeepStrictEqual(fixed, was))
    errors.forbidden(
      'spec',
      "updates to statefulset spec for fields other than 'replicas', 'template', and 'updateStrategy' are forbidden",
    );
}

export function validateJobUpdate(before: Job, after: Job, errors: FieldErrors): void {
  keep(before.spec.completions, after.spec.completions, 'spec.completions', errors);
  keep(before.spec.selector, after.spec.selector, 'spec.selector', errors, goSelector(after.spec.selector ?? {}));
  keep(before.spec.template, after.spec.template, 'spec.template', errors);
}

const onlyImages =
  'pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, ' +
  '`spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)';

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/core/validation/validation.go */
export function validatePodUpdate(before: Pod, after: Pod, errors: FieldErrors): void {
  for (const list of ['containers', 'initContainers'] as const)
    if ((before.spec[list] ?? []).length !== (after.spec[list] ?? []).length) {
      errors.forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
      return;
    }
  const kept = (before.spec.tolerations ?? []).every((one) =>
    (after.spec.tolerations ?? []).some((other) => isDeepStrictEqual(one, other)),
  );
  if (!kept)
    errors.forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds');
  const rest = structuredClone(after.spec);
  Object.assign(rest, {
    activeDeadlineSeconds: before.spec.activeDeadlineSeconds,
    tolerations: before.spec.tolerations,
  });
  for (const list of ['containers', 'initContainers'] as const)
    for (const [index, container] of (rest[list] ?? []).entries())
      Object.assign(container, { image: before.spec[list]?.[index]?.image });
  if (!isDeepStrictEqual(withoutUndefined(rest), withoutUndefined(before.spec))) errors.forbidden('spec', onlyImages);
}

const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export function validateClaimUpdate(
  before: PersistentVolumeClaim,
  after: PersistentVolumeClaim,
  errors: FieldErrors,
): void {
  const rest = structuredClone(after.spec);
  // A claim is bound by giving it a volume, and it may grow.
  if (!before.spec.volumeName) delete rest.volumeName;
  if (before.spec.resources && before.status?.phase === 'Bound') rest.resources = before.spec.resources;
  if (!isDeepStrictEqual(withoutUndefined(rest), withoutUndefined(before.spec)))
    errors.forbidden('spec', 'spec is immutable after creation except resources.requests for bound claims');
}

export function validateDataUpdate(before: ConfigMap | Secret, after: ConfigMap | Secret, errors: FieldErrors): void {
  if (after.kind === 'Secret') keep((before as Secret).type, (after as Secret).type, 'type', errors);
  if (!before.immutable) return;
  if (!after.immutable) errors.forbidden('immutable', `${immutable} when \`immutable\` is set`);
  for (const field of ['data', 'binaryData'] as const) {
    const [was, is] = [before, after].map((object) => (object as ConfigMap)[field]);
    if (!isDeepStrictEqual(was, is)) errors.forbidden(field, `${immutable} when \`immutable\` is set`);
  }
}

export function validateRoleRefUpdate(
  before: { roleRef?: unknown },
  after: { roleRef?: { apiGroup?: string; kind?: string; name?: string } },
  errors: FieldErrors,
): void {
  const { apiGroup = '', kind = '', name = '' } = after.roleRef ?? {};
  const text = `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`;
  if (!isDeepStrictEqual(before.roleRef, after.roleRef))
    errors.invalid('roleRef', new GoText(text), 'cannot change roleRef');
}
