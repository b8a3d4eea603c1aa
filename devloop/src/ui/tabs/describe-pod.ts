import { wallTime } from '../../lib/time-text.ts';
import { explainExitCode } from '../../model/exit-code.ts';
import type { ContainerView } from '../../model/pod.ts';
import { podHealth } from '../../model/pod-health.ts';
import { editOf } from '../../state/service-pods.ts';
import type { PodState, ServiceState } from '../../state/state.ts';
import type { Field } from './fields.ts';
import { probeText } from './probe-text.ts';
import { readyText } from './ready-text.ts';
import { elapsed } from './time-words.ts';

/** What is to say of a pod besides its containers. */
export function describePod(pod: PodState, service: ServiceState, now: number): Field[] {
  const { view, update, probes } = pod;
  const health = podHealth(view, probes);
  const edit = editOf(pod, service);
  const isBad = health.status === 'failing';
  return [
    {
      name: 'Status',
      value: health.cause === health.status ? health.cause : `${health.status}: ${health.cause}`,
      ...(isBad && { style: { color: 'red' } }),
    },
    { name: 'Next step', value: health.fix ?? '' },
    { name: 'Phase', value: `${view.phase}, ${readyText(pod, now)}` },
    { name: 'Node', value: view.node ?? 'none yet' },
    { name: 'Age', value: `${elapsed(now - view.createdAt)}, since ${wallTime(view.createdAt)}` },
    { name: 'Edit', value: edit === undefined ? '' : `${edit}${update ? `, live update ${update.status}` : ''}` },
    { name: 'Not live', value: update?.problem?.why ?? '', style: { color: 'red' } },
    { name: 'Template', value: view.current ? '' : 'an older one: a rollout is replacing this pod' },
  ];
}

export function describeContainer(container: ContainerView, pod: PodState, now: number): Field[] {
  const { image, restarts, last, message, init } = container;
  const isBad = container.state !== 'running' && !(init && container.exitCode === 0);
  return [
    { name: 'State', value: stateText(container, now), ...(isBad && { style: { color: 'yellow' } }) },
    { name: 'Message', value: message ?? '' },
    {
      name: 'Last run',
      value: last ? `${exitText(last)}${last.finishedAt ? `, at ${wallTime(last.finishedAt)}` : ''}` : '',
    },
    { name: 'Restarts', value: restarts > 0 ? String(restarts) : '' },
    { name: 'Image', value: image },
    ...pod.view.probes
      .filter((probe) => probe.container === container.name)
      .map((probe) => ({ name: capitalized(probe.kind), value: probeText(probe) })),
  ];
}

function stateText({ state, reason, exitCode, startedAt, ready, init }: ContainerView, now: number): string {
  switch (state) {
    case 'running':
      return `running${startedAt === undefined ? '' : ` for ${elapsed(now - startedAt)}`}, ${ready ? 'ready' : 'not ready'}`;
    case 'waiting':
      return `waiting${reason ? `: ${reason}` : ''}`;
    case 'terminated':
      if (init && exitCode === 0) return 'done';
      return `ended: ${exitText({ exitCode: exitCode ?? 0, reason: reason ?? '' })}`;
    default:
      return state satisfies never;
  }
}

const exitText = ({ exitCode, reason }: { readonly exitCode: number; readonly reason: string }): string =>
  `exit code ${exitCode}, ${explainExitCode(exitCode, reason)}`;

const capitalized = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
