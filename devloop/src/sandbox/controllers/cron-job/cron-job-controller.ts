import { ApiError } from '../../store/api-error.ts';
import { timestamp } from '../../store/object-store.ts';
import type { CronJob, Job } from '../../store/objects.ts';
import type { ControllerContext } from '../context.ts';
import { createObject } from '../create-object.ts';
import { deleteObject } from '../delete-object.ts';
import { endOf } from '../job/job-status.ts';
import { controllerReference } from '../owners.ts';
import { followOwned, runController } from '../run-controller.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

const component = 'cronjob-controller';

/**
 * Makes jobs at the times of a cron line.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/cronjob/cronjob_controllerv2.go
 */
export function startCronJobController(context: ControllerContext): void {
  const { store } = context;
  const queue = runController(context, 'cronjob', 'CronJob', (namespace, name) => {
    const cronJob = store.get('CronJob', namespace, name);
    return cronJob && reconcile(context, cronJob);
  });
  followOwned(context, 'Job', 'CronJob', queue);
}

function reconcile(context: ControllerContext, seen: CronJob): number | undefined {
  const { store, clock } = context;
  const jobs = store.controlledBy('Job', seen.metadata.namespace ?? '', seen.metadata.uid);
  const cronJob = noteFinished(context, seen, jobs);
  removeFinished(context, cronJob, jobs);
  if (cronJob.metadata.deletionTimestamp || cronJob.spec.suspend) return undefined;
  const schedule = readSchedule(context, cronJob);
  if (!schedule) return undefined;
  const due = lastDue(cronJob, schedule, clock.now());
  if (due !== undefined) start(context, cronJob, jobs, due);
  const next = schedule.next(clock.now());
  return next === undefined ? undefined : next - clock.now();
}

function readSchedule({ events }: ControllerContext, cronJob: CronJob): Schedule | undefined {
  try {
    return parseSchedule(cronJob.spec.schedule, cronJob.spec.timeZone);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `unparseable schedule: "${cronJob.spec.schedule}" : ${why}`;
    events.record(cronJob, 'Warning', 'UnparseableSchedule', message, component);
    return undefined;
  }
}

/** The newest moment that has come and was not acted on yet. @param now epoch milliseconds */
function lastDue({ metadata, spec, status }: CronJob, schedule: Schedule, now: number): number | undefined {
  const deadline = spec.startingDeadlineSeconds;
  const earliest = Math.max(
    Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp),
    deadline === undefined ? 0 : now - deadline * 1000 - 1,
  );
  let due: number | undefined;
  for (let time = schedule.next(earliest); time !== undefined && time <= now; time = schedule.next(time)) due = time;
  return due;
}

function start(context: ControllerContext, cronJob: CronJob, jobs: readonly Job[], due: number): void {
  const { store, events } = context;
  const { namespace = '', name } = cronJob.metadata;
  const running = jobs.filter((job) => !endOf(job));
  if (cronJob.spec.concurrencyPolicy === 'Forbid' && running.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    events.record(cronJob, 'Normal', 'JobAlreadyActive', message, component);
    return;
  }
  if (cronJob.spec.concurrencyPolicy === 'Replace') for (const job of running) removeJob(context, cronJob, job);
  const { metadata, spec } = structuredClone(cronJob.spec.jobTemplate);
  try {
    const job = createObject(context, 'Job', {
      metadata: {
        ...metadata,
        name: `${name}-${Math.floor(due / 60_000)}`,
        namespace,
        ownerReferences: [controllerReference(cronJob)],
      },
      spec: spec ?? { template: {} },
    });
    events.record(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`, component);
    store.update('CronJob', namespace, name, (copy) => {
      const active = [...(copy.status?.active ?? []), referenceTo(job)];
      copy.status = { ...copy.status, active, lastScheduleTime: timestamp(due) };
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason === 'AlreadyExists') return;
    events.record(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`, component);
    throw error;
  }
}

const referenceTo = ({ apiVersion, kind, metadata: { name, namespace = '', uid, resourceVersion } }: Job) => ({
  apiVersion,
  kind,
  name,
  namespace,
  uid,
  resourceVersion,
});

/** Takes what has ended or is gone off the list of active jobs. */
function noteFinished({ store, events }: ControllerContext, cronJob: CronJob, jobs: readonly Job[]): CronJob {
  const { namespace = '', name } = cronJob.metadata;
  return store.update('CronJob', namespace, name, (copy) => {
    const { active: listed = [], ...rest } = copy.status ?? {};
    const active = listed.filter(({ uid }) => jobs.some((job) => job.metadata.uid === uid && !endOf(job)));
    copy.status = { ...rest, ...(active.length > 0 && { active }) };
    for (const job of jobs.filter(({ metadata }) => listed.some(({ uid }) => uid === metadata.uid))) {
      const end = endOf(job);
      if (!end) continue;
      const message = `Saw completed job: ${job.metadata.name}, status: ${end.type}`;
      events.record(cronJob, 'Normal', 'SawCompletedJob', message, component);
      const { completionTime } = job.status ?? {};
      if (end.type === 'Complete' && completionTime) copy.status.lastSuccessfulTime = completionTime;
    }
  });
}

/** Keeps of the jobs that ended as many as the history limits say. */
function removeFinished(context: ControllerContext, cronJob: CronJob, jobs: readonly Job[]): void {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    const ended = jobs.filter((job) => endOf(job)?.type === type);
    ended.sort((one, other) => startOf(one) - startOf(other));
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) removeJob(context, cronJob, job);
  }
}

const startOf = ({ metadata, status }: Job): number => Date.parse(status?.startTime ?? metadata.creationTimestamp);

function removeJob(context: ControllerContext, cronJob: CronJob, { metadata }: Job): void {
  deleteObject(context, 'Job', metadata.namespace ?? '', metadata.name);
  context.events.record(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`, component);
}
