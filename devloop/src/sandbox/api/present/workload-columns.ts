import type { Job, PodTemplate } from '../../store/objects.ts';
import { age, humanDuration } from './age.ts';
import { type Column, columnsOf, number, text, wide, yes } from './column.ts';
import { labelText, selectorText } from './label-selectors.ts';
import { podRestarts, podStatus, readyText } from './pod-status.ts';

const none = '<none>';

interface HasTemplate {
  spec: { template?: PodTemplate };
}

const containersOf = ({ spec }: HasTemplate) => spec.template?.spec?.containers ?? [];
const containers = wide<HasTemplate>('Containers', (object) =>
  containersOf(object)
    .map(({ name }) => name)
    .join(','),
);
const images = wide<HasTemplate>('Images', (object) =>
  containersOf(object)
    .map(({ image }) => image)
    .join(','),
);

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/printers/internalversion/printers.go */
export const workloadColumns: Readonly<Record<string, readonly Column[]>> = {
  Pod: columnsOf(
    'Pod',
    [text('Ready', readyText), text('Status', podStatus), number('Restarts', podRestarts)],
    [
      wide('IP', ({ status }) => status?.podIP || none),
      wide('Node', ({ spec }) => spec.nodeName || none),
      wide('Nominated Node', ({ status }) => status?.nominatedNodeName || none),
      wide('Readiness Gates', readinessGates),
    ],
  ),
  Deployment: columnsOf(
    'Deployment',
    [
      text('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
      number('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0),
      number('Available', ({ status }) => status?.availableReplicas ?? 0),
    ],
    [containers, images, wide('Selector', ({ spec }) => selectorText(spec.selector))],
  ),
  ReplicaSet: columnsOf(
    'ReplicaSet',
    [
      number('Desired', ({ spec }) => spec.replicas ?? 0),
      number('Current', ({ status }) => status?.replicas ?? 0),
      number('Ready', ({ status }) => status?.readyReplicas ?? 0),
    ],
    [containers, images, wide('Selector', ({ spec }) => selectorText(spec.selector))],
  ),
  StatefulSet: columnsOf(
    'StatefulSet',
    [text('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`)],
    [containers, images],
  ),
  DaemonSet: columnsOf(
    'DaemonSet',
    [
      number('Desired', ({ status }) => status?.desiredNumberScheduled ?? 0),
      number('Current', ({ status }) => status?.currentNumberScheduled ?? 0),
      number('Ready', ({ status }) => status?.numberReady ?? 0),
      number('Up-to-date', ({ status }) => status?.updatedNumberScheduled ?? 0),
      number('Available', ({ status }) => status?.numberAvailable ?? 0),
      text('Node Selector', ({ spec }) => labelText(spec.template.spec?.nodeSelector)),
    ],
    [containers, images, wide('Selector', ({ spec }) => selectorText(spec.selector))],
  ),
  Job: columnsOf(
    'Job',
    [text('Completions', completions), text('Duration', duration)],
    [containers, images, wide('Selector', ({ spec }) => selectorText(spec.selector))],
  ),
  CronJob: columnsOf(
    'CronJob',
    [
      text('Schedule', ({ spec }) => spec.schedule),
      yes('Suspend', ({ spec }) => (spec.suspend ? 'True' : 'False')),
      number('Active', ({ status }) => status?.active?.length ?? 0),
      text('Last Schedule', ({ status }, now) => (status?.lastScheduleTime ? age(status.lastScheduleTime, now) : none)),
    ],
    [
      wide('Containers', ({ spec }) =>
        cronContainers(spec.jobTemplate)
          .map(({ name }) => name)
          .join(','),
      ),
      wide('Images', ({ spec }) =>
        cronContainers(spec.jobTemplate)
          .map(({ image }) => image)
          .join(','),
      ),
      wide('Selector', ({ spec }) => selectorText(spec.jobTemplate.spec?.selector)),
    ],
  ),
};

function cronContainers(template: { spec?: { template: PodTemplate } }): { name: string; image?: string }[] {
  return template.spec?.template?.spec?.containers ?? [];
}

function completions({ spec, status }: Job): string {
  const done = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${done}/${spec.completions}`;
  const parallel = spec.parallelism ?? 0;
  return parallel > 1 ? `${done}/1 of ${parallel}` : `${done}/1`;
}

function duration({ status }: Job, now: number): string {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(status.completionTime) : now;
  return humanDuration(end - Date.parse(status.startTime));
}

function readinessGates({
  spec,
  status,
}: {
  spec: { readinessGates?: { conditionType: string }[] };
  status?: { conditions?: { type: string; status: string }[] };
}): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return none;
  const open = gates.filter(({ conditionType }) =>
    status?.conditions?.some(({ type, status: is }) => type === conditionType && is === 'True'),
  );
  return `${open.length}/${gates.length}`;
}
