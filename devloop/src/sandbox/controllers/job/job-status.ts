import { timestamp } from '../../store/object-store.ts';
import type { Job, Pod } from '../../store/objects.ts';
import { findCondition } from '../conditions.ts';
import { restartsOf } from '../pods.ts';

export type JobCondition = NonNullable<NonNullable<Job['status']>['conditions']>[number];

/** The condition that ends a job; undefined while it goes on. */
export const endOf = ({ status }: Job): JobCondition | undefined =>
  [findCondition(status?.conditions, 'Complete'), findCondition(status?.conditions, 'Failed')].find(
    (condition) => condition?.status === 'True',
  );

/** @param now epoch milliseconds */
export function jobCondition(
  now: number,
  type: 'Complete' | 'Failed',
  reason?: string,
  message?: string,
): JobCondition {
  const time = timestamp(now);
  return {
    type,
    status: 'True',
    lastProbeTime: time,
    lastTransitionTime: time,
    ...(reason && { reason }),
    ...(message && { message }),
  };
}

/** Why a job has failed, in the words of https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/job/job_controller.go */
export function failureOf(job: Job, active: readonly Pod[], failed: number, now: number): JobCondition | undefined {
  const limit = job.spec.backoffLimit ?? 6;
  const hasNewFailure = failed > (job.status?.failed ?? 0);
  const isOverLimit = hasNewFailure && active.length !== (job.spec.parallelism ?? 1) && failed > limit;
  if (isOverLimit || isOverLimitInPlace(job, active, limit)) {
    return jobCondition(now, 'Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  const left = untilDeadline(job, now);
  return left !== undefined && left <= 0
    ? jobCondition(now, 'Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline')
    : undefined;
}

/** Containers that are started again in their pod count as retries too. */
function isOverLimitInPlace({ spec }: Job, active: readonly Pod[], limit: number): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = active.reduce((sum, pod) => sum + restartsOf(pod), 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** Milliseconds that the job may still be active; undefined when it has no deadline. */
export function untilDeadline({ spec, status }: Job, now: number): number | undefined {
  if (spec.activeDeadlineSeconds === undefined) return undefined;
  const started = status?.startTime ? Date.parse(status.startTime) : now;
  return started + spec.activeDeadlineSeconds * 1000 - now;
}

const firstDelay = 10_000;
const longestDelay = 360_000;

/**
 * Milliseconds until a failed pod may be followed by another: none after the first, then 10 s, doubled each time up to
 * six minutes, counted from the last failure.
 */
export function untilRetry(failed: readonly Pod[], now: number): number {
  if (failed.length < 2) return 0;
  const delay = Math.min(firstDelay * 2 ** (failed.length - 2), longestDelay);
  return Math.max(0, Math.max(...failed.map(endedAt)) + delay - now);
}

function endedAt({ metadata, status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  const known = ends.filter((end) => !Number.isNaN(end));
  return known.length > 0 ? Math.max(...known) : Date.parse(metadata.creationTimestamp);
}
