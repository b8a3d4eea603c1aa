import type { CronJob, DaemonSet, Deployment, Job, PodTemplate, ReplicaSet, StatefulSet } from '../../objects.ts';
import { canonicalQuantities } from './container.ts';
import { defaultPodSpec, type PodSpec } from './pod-spec.ts';

function defaultTemplate(template: PodTemplate | undefined): void {
  if (!template) return;
  // Go writes the time of a template, which never has one, as null.
  template.metadata = { creationTimestamp: null, ...template.metadata } as unknown as NonNullable<
    PodTemplate['metadata']
  >;
  if (template.spec) defaultPodSpec(template.spec as PodSpec);
}

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/apps/v1/defaults.go */
export function defaultDeployment({ spec }: Deployment): void {
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  spec.strategy ??= {};
  spec.strategy.type ||= 'RollingUpdate';
  if (spec.strategy.type === 'RollingUpdate')
    spec.strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy.rollingUpdate };
  defaultTemplate(spec.template);
}

export function defaultReplicaSet({ spec }: ReplicaSet): void {
  spec.replicas ??= 1;
  defaultTemplate(spec.template);
}

export function defaultStatefulSet({ spec }: StatefulSet): void {
  spec.podManagementPolicy ||= 'OrderedReady';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= 'RollingUpdate';
  if (spec.updateStrategy.type === 'RollingUpdate')
    spec.updateStrategy.rollingUpdate = { partition: 0, ...spec.updateStrategy.rollingUpdate };
  defaultTemplate(spec.template);
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion ??= 'v1';
    claim.kind ??= 'PersistentVolumeClaim';
    claim.metadata = { creationTimestamp: null, ...claim.metadata } as unknown as NonNullable<typeof claim.metadata>;
    claim.spec ??= {};
    claim.spec.volumeMode ||= 'Filesystem';
    canonicalQuantities(claim.spec.resources?.requests);
    claim.status = { phase: 'Pending', ...claim.status };
  }
}

const templateGeneration = 'deprecated.daemonset.template.generation';

export function defaultDaemonSet({ metadata, spec }: DaemonSet): void {
  metadata.annotations = { [templateGeneration]: '1', ...metadata.annotations };
  spec.revisionHistoryLimit ??= 10;
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= 'RollingUpdate';
  if (spec.updateStrategy.type === 'RollingUpdate')
    spec.updateStrategy.rollingUpdate = { maxUnavailable: 1, ...spec.updateStrategy.rollingUpdate };
  defaultTemplate(spec.template);
}

/** Without completions and parallelism a Job runs one pod to its end. */
export function defaultJobSpec(spec: Job['spec']): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= 6;
  defaultTemplate(spec.template);
}

export function defaultCronJob({ spec }: CronJob): void {
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  const template = spec.jobTemplate;
  if (!template) return;
  template.metadata = { creationTimestamp: null, ...template.metadata } as unknown as NonNullable<
    typeof template.metadata
  >;
  // The defaults of a Job apply to the Job that is made of the template, but those of its pods are written here already.
  defaultTemplate(template.spec?.template);
}
