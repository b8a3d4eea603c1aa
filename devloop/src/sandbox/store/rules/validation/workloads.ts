import type { CronJob, DaemonSet, Deployment, Job, PodTemplate, ReplicaSet, StatefulSet } from '../../objects.ts';
import type { PodSpec } from '../defaults/pod-spec.ts';
import { cronProblem } from './cron.ts';
import type { FieldErrors } from './field-errors.ts';
import { GoText, goMap, goSelector } from './go-value.ts';
import { validateAnnotations, validateLabels } from './metadata.ts';
import { validatePodSpec } from './pod-spec.ts';
import { selectorMatches, validateOwnSelector } from './selectors.ts';
import { timeZoneProblem } from './time-zone.ts';

type Workload = Deployment | ReplicaSet | StatefulSet | DaemonSet;

export function atLeastZero(value: unknown, field: string, errors: FieldErrors): void {
  if (typeof value === 'number' && value < 0) errors.invalid(field, value, 'must be greater than or equal to 0');
}

export function validateTemplate(template: PodTemplate | undefined, field: string, errors: FieldErrors): void {
  validateTemplateMetadata(template, field, errors);
  if (!template?.spec) errors.required(`${field}.spec.containers`);
  else validatePodSpec(template.spec as PodSpec, `${field}.spec`, errors);
}

function validateTemplateMetadata(template: PodTemplate | undefined, field: string, errors: FieldErrors): void {
  validateLabels(template?.metadata?.labels, `${field}.labels`, errors);
  validateAnnotations(template?.metadata?.annotations, `${field}.annotations`, errors);
}

/** Selector and template together: what a workload manages must be what it makes. */
function validateManaged({ spec }: Workload, owner: string, errors: FieldErrors): void {
  validateOwnSelector(spec.selector, spec.template?.metadata?.labels, owner, errors);
  // Kubernetes does not look at the pods of a StatefulSet, whose volumes are still to be claimed: their creation fails.
  if (owner === 'statefulset') validateTemplateMetadata(spec.template, 'spec.template', errors);
  else validateTemplate(spec.template, 'spec.template', errors);
  const policy = spec.template?.spec?.restartPolicy;
  // An unknown policy has been refused as such already, where the pods were looked at.
  if (policy === 'OnFailure' || policy === 'Never' || (owner === 'statefulset' && policy !== 'Always'))
    errors.notSupported('spec.template.spec.restartPolicy', policy ?? '', ['Always']);
  if (spec.template?.spec?.activeDeadlineSeconds !== undefined)
    errors.forbidden(
      'spec.template.spec.activeDeadlineSeconds',
      'activeDeadlineSeconds in ReplicaSet is not Supported',
    );
}

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/apps/validation/validation.go */
export function validateDeployment(object: Deployment, errors: FieldErrors): void {
  const { spec } = object;
  atLeastZero(spec.replicas, 'spec.replicas', errors);
  validateManaged(object, 'deployment', errors);
  validateStrategy(spec, errors);
  atLeastZero(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  atLeastZero(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
  atLeastZero(spec.progressDeadlineSeconds, 'spec.progressDeadlineSeconds', errors);
  if ((spec.progressDeadlineSeconds ?? 600) <= (spec.minReadySeconds ?? 0))
    errors.invalid(
      'spec.progressDeadlineSeconds',
      spec.progressDeadlineSeconds,
      'must be greater than minReadySeconds',
    );
}

function validateStrategy({ strategy }: Deployment['spec'], errors: FieldErrors): void {
  const at = 'spec.strategy';
  if (strategy?.type === 'Recreate') {
    if (strategy.rollingUpdate)
      errors.forbidden(`${at}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'");
    return;
  }
  if (strategy?.type !== 'RollingUpdate') {
    const text = `apps.DeploymentStrategy{Type:${JSON.stringify(strategy?.type ?? '')}, RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}`;
    errors.notSupported(at, new GoText(text), ['Recreate', 'RollingUpdate']);
    return;
  }
  const { maxUnavailable, maxSurge } = strategy.rollingUpdate ?? {};
  intOrPercent(maxUnavailable, `${at}.rollingUpdate.maxUnavailable`, errors);
  intOrPercent(maxSurge, `${at}.rollingUpdate.maxSurge`, errors);
  notOverAll(maxUnavailable, `${at}.rollingUpdate.maxUnavailable`, errors);
  if (isZero(maxUnavailable) && isZero(maxSurge))
    errors.invalid(
      `${at}.rollingUpdate.maxUnavailable`,
      goIntOrString(maxUnavailable),
      'may not be 0 when `maxSurge` is 0',
    );
}

function notOverAll(value: unknown, field: string, errors: FieldErrors): void {
  const percent = typeof value === 'string' ? Number(/^(\d+)%$/.exec(value)?.[1] ?? 0) : 0;
  if (percent > 100) errors.invalid(field, goIntOrString(value), 'must not be greater than 100%');
}

const goIntOrString = (value: unknown): GoText =>
  new GoText(
    typeof value === 'number'
      ? `intstr.IntOrString{Type:0, IntVal:${value}, StrVal:""}`
      : `intstr.IntOrString{Type:1, IntVal:0, StrVal:${JSON.stringify(value)}}`,
  );

const isZero = (value: unknown): boolean => value === 0 || value === '0%';

export function intOrPercent(value: unknown, field: string, errors: FieldErrors): void {
  if (typeof value === 'number') atLeastZero(value, field, errors);
  else if (typeof value === 'string' && !/^[0-9]+%$/.test(value))
    errors.invalid(
      field,
      goIntOrString(value),
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    );
}

export function validateReplicaSet(object: ReplicaSet, errors: FieldErrors): void {
  atLeastZero(object.spec.replicas, 'spec.replicas', errors);
  atLeastZero(object.spec.minReadySeconds, 'spec.minReadySeconds', errors);
  validateManaged(object, 'deployment', errors);
}

export function validateStatefulSet(object: StatefulSet, errors: FieldErrors): void {
  const { spec } = object;
  const policies = ['OrderedReady', 'Parallel'];
  if (!policies.includes(spec.podManagementPolicy ?? ''))
    errors.invalid('spec.podManagementPolicy', spec.podManagementPolicy, "must be 'OrderedReady' or 'Parallel'");
  const strategy = spec.updateStrategy?.type ?? '';
  if (!['OnDelete', 'RollingUpdate'].includes(strategy))
    errors.invalid(
      'spec.updateStrategy',
      new GoText(
        `apps.StatefulSetUpdateStrategy{Type:${JSON.stringify(strategy)}, RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}`,
      ),
      "must be 'RollingUpdate' or 'OnDelete'",
    );
  atLeastZero(spec.updateStrategy?.rollingUpdate?.partition, 'spec.updateStrategy.rollingUpdate.partition', errors);
  atLeastZero(spec.replicas, 'spec.replicas', errors);
  validateManaged(object, 'statefulset', errors);
}

export function validateDaemonSet(object: DaemonSet, errors: FieldErrors): void {
  const { spec } = object;
  validateManaged(object, 'daemonset', errors);
  atLeastZero(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  const strategy = spec.updateStrategy?.type ?? '';
  if (!['OnDelete', 'RollingUpdate'].includes(strategy))
    errors.notSupported(
      'spec.updateStrategy',
      new GoText(
        `apps.DaemonSetUpdateStrategy{Type:${JSON.stringify(strategy)}, RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}`,
      ),
      ['RollingUpdate', 'OnDelete'],
    );
  const unavailable = spec.updateStrategy?.rollingUpdate?.maxUnavailable;
  intOrPercent(unavailable, 'spec.updateStrategy.rollingUpdate.maxUnavailable', errors);
  atLeastZero(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
}

/** A Job with its selector, which is generated unless it says `manualSelector`. */
export function validateJob({ metadata, spec }: Job, errors: FieldErrors): void {
  validateJobSpec(spec, 'spec', errors);
  if (!spec.template?.spec) return;
  if (!spec.selector) {
    errors.required('spec.selector');
    return;
  }
  const { matchLabels = {} } = spec.selector;
  const generated = matchLabels['controller-uid'] === metadata.uid && Object.keys(matchLabels).length === 1;
  if (!spec.manualSelector && !generated)
    errors.invalid('spec.selector', goSelector(spec.selector), '`selector` not auto-generated');
  const labels = spec.template.metadata?.labels;
  if (!selectorMatches(spec.selector, labels ?? {}))
    errors.invalid(
      'spec.template.metadata.labels',
      new GoText(goMap(labels)),
      '`selector` does not match template `labels`',
    );
}

/** @param field `spec` or `spec.jobTemplate.spec` */
export function validateJobSpec(spec: Job['spec'], field: string, errors: FieldErrors): void {
  for (const name of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
  ] as const)
    atLeastZero(spec[name], `${field}.${name}`, errors);
  validateTemplate(spec.template, `${field}.template`, errors);
  const policy = spec.template?.spec?.restartPolicy ?? '';
  if (policy !== 'OnFailure' && policy !== 'Never')
    errors.required(`${field}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"');
}

/** The controller puts 11 letters behind the name of a CronJob. */
const cronJobName = 52;

export function validateCronJob({ metadata, spec }: CronJob, errors: FieldErrors): void {
  if (!spec.schedule) errors.required('spec.schedule');
  else {
    const problem = cronProblem(spec.schedule);
    if (problem) errors.invalid('spec.schedule', spec.schedule, problem);
    if (spec.schedule.includes('TZ'))
      errors.invalid(
        'spec.schedule',
        spec.schedule,
        'cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      );
  }
  atLeastZero(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds', errors);
  const zoneProblem = spec.timeZone === undefined ? undefined : timeZoneProblem(spec.timeZone);
  if (zoneProblem) errors.invalid('spec.timeZone', spec.timeZone, zoneProblem);
  const policies = ['Allow', 'Forbid', 'Replace'];
  if (!policies.includes(spec.concurrencyPolicy ?? ''))
    errors.notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy ?? '', policies);
  validateJobSpec(spec.jobTemplate?.spec ?? ({} as Job['spec']), 'spec.jobTemplate.spec', errors);
  atLeastZero(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit', errors);
  atLeastZero(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit', errors);
  if (metadata.name.length > cronJobName)
    errors.invalid('metadata.name', metadata.name, 'must be no more than 52 characters');
}
