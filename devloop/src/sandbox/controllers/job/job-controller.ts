import type { ApiError } from '../../store/api-error.ts';
import { timestamp } from '../../store/object-store.ts';
import type { Job, Pod } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { deleteObject } from '../delete-object.ts';
import { createPods, deletePods } from '../manage-pods.ts';
import { omitEmpty } from '../omit-empty.ts';
import { claim } from '../owners.ts';
import { isActive, podFromTemplate } from '../pods.ts';
import { podsToDelete } from '../pods-to-delete.ts';
import { followOwned, runController } from '../run-controller.ts';
import { endOf, failureOf, type JobCondition, jobCondition, untilDeadline, untilRetry } from './job-status.ts';

const component = 'job-controller';

/**
 * Runs pods until so many have succeeded.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/job/job_controller.go
 */
export function startJobController(context: ControllerContext): void {
  const { store, clock } = context;
  const queue = runController(context, 'job', 'Job', (namespace, name) => {
    const job = store.get('Job', namespace, name);
    const end = job && endOf(job);
    if (end) return removeAfterwards(context, job, end);
    return job && reconcile(context, startedJob(context, job), clock.now());
  });
  followOwned(context, 'Pod', 'Job', queue);
}

/** A job that is over goes after its time, with its pods. */
function removeAfterwards(context: ControllerContext, { metadata, spec }: Job, end: JobCondition): number | undefined {
  if (spec.ttlSecondsAfterFinished === undefined) return undefined;
  const ended = Date.parse(end.lastTransitionTime ?? metadata.creationTimestamp);
  const left = ended + spec.ttlSecondsAfterFinished * 1000 - context.clock.now();
  if (left > 0) return left;
  deleteObject(context, 'Job', metadata.namespace ?? '', metadata.name, 'Foreground');
  return undefined;
}

const startedJob = ({ store, clock }: ControllerContext, { metadata, status }: Job): Job =>
  store.update('Job', metadata.namespace ?? '', metadata.name, (copy) => {
    copy.status = { ...status, startTime: status?.startTime ?? timestamp(clock.now()) };
  });

function reconcile(context: ControllerContext, job: Job, now: number): number | undefined {
  const pods = claim(context, { owner: job, selector: job.spec.selector, kind: 'Pod' });
  const active = pods.filter(isActive);
  const succeeded = pods.filter(({ status }) => status?.phase === 'Succeeded').length;
  const failed = pods.filter(({ status }) => status?.phase === 'Failed');
  const failure = failureOf(job, active, failed.length, now);
  if (failure) {
    deletePods(context, job, component, active);
    context.events.record(job, 'Warning', failure.reason ?? '', failure.message ?? '', component);
    storeStatus(context, job, { active: 0, succeeded, failed: failed.length + active.length }, failure);
    return undefined;
  }
  const wait = untilRetry(failed, now);
  const managed = job.metadata.deletionTimestamp
    ? { active: active.length }
    : manage(context, job, active, succeeded, wait > 0);
  const { completions } = job.spec;
  const isOver = completions === undefined ? succeeded > 0 && managed.active === 0 : succeeded >= completions;
  const end = isOver ? jobCondition(now, 'Complete') : undefined;
  if (end) context.events.record(job, 'Normal', 'Completed', 'Job completed', component);
  storeStatus(context, job, { active: managed.active, succeeded, failed: failed.length }, end);
  if (managed.refused) throw managed.refused;
  if (end) return undefined;
  const waits = [untilDeadline(job, now), wait > 0 ? wait : undefined].filter((ms) => ms !== undefined);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

/** Brings the pods that run to their number. @param isWaiting true: none is made now, since one has just failed */
function manage(
  context: ControllerContext,
  job: Job,
  active: readonly Pod[],
  succeeded: number,
  isWaiting: boolean,
): { active: number; refused?: ApiError | undefined } {
  const { completions } = job.spec;
  const parallelism = job.spec.suspend ? 0 : (job.spec.parallelism ?? 1);
  const withoutCount = succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
  const wanted = completions === undefined ? withoutCount : Math.min(completions - succeeded, parallelism);
  const missing = Math.max(0, wanted) - active.length;
  if (missing < 0) {
    deletePods(context, job, component, podsToDelete(active, -missing));
    return { active: active.length + missing };
  }
  if (isWaiting || missing === 0) return { active: active.length };
  const pod = podFromTemplate(job.spec.template, job, { generateName: `${job.metadata.name}-` });
  const refused = createPods(context, job, component, Array(missing).fill(pod));
  return { active: refused ? active.length : active.length + missing, refused };
}

function storeStatus(
  { store, clock }: ControllerContext,
  { metadata }: Job,
  counts: { readonly active: number; readonly succeeded: number; readonly failed: number },
  end: JobCondition | undefined,
): void {
  store.update('Job', metadata.namespace ?? '', metadata.name, (copy) => {
    const { active: _a, succeeded: _s, failed: _f, ...rest } = copy.status ?? {};
    copy.status = {
      ...rest,
      ...omitEmpty(counts),
      ...(end && { conditions: [...(rest.conditions ?? []), end] }),
      ...(end?.type === 'Complete' && { completionTime: timestamp(clock.now()) }),
    };
  });
}
