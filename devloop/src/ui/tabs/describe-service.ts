import { formatDuration } from '../../lib/duration.ts';
import { wallTime } from '../../lib/time-text.ts';
import { type BuiltImage, imageReference } from '../../model/operation.ts';
import type { LiveSpec } from '../../model/project.ts';
import { forwardsOf } from '../../state/of-service.ts';
import { summarize } from '../../state/service-summary.ts';
import type { LoopState, ReleaseState, ServiceState } from '../../state/state.ts';
import type { Field } from './fields.ts';
import { shortPath } from './short-path.ts';

/** What is to say of a service besides its pods and workloads. */
export function describeService(state: LoopState, service: ServiceState): Field[] {
  const { phase, reason, problem } = summarize(state, service);
  const isBad = phase === 'failed';
  return [
    { name: 'Phase', value: reason === '' ? phase : `${phase}: ${reason}`, ...(isBad && { style: { color: 'red' } }) },
    { name: 'Next step', value: problem?.fix ?? '' },
    ...(service.spec ? [] : [{ name: 'Configured', value: 'no: only the cluster knows it' }]),
    { name: 'Edit', value: editText(service) },
    ...imageFields(service),
    { name: 'Release', value: releaseText(state, service) },
    ...forwardsOf(state, service.name).map(({ local, remote, status, pod, why }) => ({
      name: 'URL',
      value: `http://localhost:${local} → port ${remote}, ${status}${pod ? `, to ${pod}` : ''}${why ? `: ${why}` : ''}`,
    })),
    ...liveFields(service, state.project?.root ?? ''),
  ];
}

function editText({ edit, live }: ServiceState): string {
  const newest = edit === 0 ? 'none since the start' : `${edit}`;
  if (!live) return `${newest}; none is live yet`;
  const since = `live since ${wallTime(live.at)}, after ${formatDuration(live.timing.total)}`;
  if (live.edit === edit) return `${newest}, ${since}`;
  return `${newest}; ${live.edit === 0 ? 'the start' : `edit ${live.edit}`} is ${since}`;
}

function imageFields({ spec, image, deployed }: ServiceState): Field[] {
  if (!spec) return [];
  if (!spec.image) return [{ name: 'Image', value: 'not built by devloop: the chart names it' }];
  const text = (one: BuiltImage) => `${imageReference(one)} (edit ${one.edit})`;
  const isOther = deployed && image && imageReference(deployed) !== imageReference(image);
  return [
    { name: 'Image', value: image ? text(image) : 'none built yet' },
    { name: 'Deployed', value: isOther ? text(deployed) : '' },
  ];
}

function releaseText(state: LoopState, { spec }: ServiceState): string {
  const release = spec && state.releases[spec.release];
  if (!release) return '';
  const chart = state.project?.releases.find(({ name }) => name === release.name)?.chart;
  return [
    release.name,
    release.revision === undefined ? 'no revision yet' : `revision ${release.revision}`,
    `deploy ${deployText(release)}`,
    ...(state.project ? [`namespace ${state.project.namespace}`] : []),
    ...(chart === undefined ? [] : [`chart ${shortPath(chart, state.project?.root ?? '')}`]),
  ].join(', ');
}

function deployText({ deploy }: ReleaseState): string {
  switch (deploy.status) {
    case 'idle':
      return 'not tried yet';
    case 'running':
      return `running since ${wallTime(deploy.startedAt)}`;
    case 'failed':
      return `failed at ${wallTime(deploy.endedAt)}`;
    case 'succeeded':
      return `done at ${wallTime(deploy.endedAt)}`;
    default:
      return deploy satisfies never;
  }
}

function liveFields({ spec, liveProblem }: ServiceState, root: string): Field[] {
  if (!spec?.image) return [];
  if (!spec.live) return [{ name: 'Live update', value: 'off: each edit makes a new image' }];
  const problem = liveProblem ? [{ name: 'Not live', value: liveProblem.why, style: { color: 'red' } as const }] : [];
  const steps = liveSteps(spec.live, root).map((value, index) => ({ name: index === 0 ? 'Live update' : '', value }));
  return [...steps, ...problem];
}

/** In the order in which they are carried out. */
function liveSteps({ bundle, sync, run, restart, rebuild }: LiveSpec, root: string): string[] {
  return [
    ...(bundle ? [`bundle ${shortPath(bundle.entry, root)} to ${bundle.to}`] : []),
    ...sync.map(({ from, to }) => `sync ${shortPath(from, root)} to ${to}`),
    ...run.map(
      ({ command, when }) => `run ${command.join(' ')}${when.length > 0 ? ` when ${when.join(', ')} changes` : ''}`,
    ),
    ...(restart ? ['restart the program'] : []),
    ...(rebuild.length > 0 ? [`a new image when ${rebuild.join(', ')} changes`] : []),
  ];
}
