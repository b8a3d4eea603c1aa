import { byName } from '../lib/by-name.ts';
import type { StampedEvent } from '../model/events.ts';
import type { ProjectSpec, ServiceSpec } from '../model/project.ts';
import { type LoopState, newService, type ReleaseState, type ServiceState } from './state.ts';

type Of<T extends StampedEvent['type']> = Extract<StampedEvent, { type: T }>;

const filesKept = 50;

export function onStarted(state: LoopState, event: Of<'loop.started'>): LoopState {
  return {
    ...withProject(state, event.project, event.at),
    status: 'running',
    startedAt: event.at,
    cluster: event.cluster,
  };
}

/** A new configuration counts as an edit of every service and release that it changes. */
export function onConfigReloaded(state: LoopState, event: Of<'config.reloaded'>): LoopState {
  const { configProblem: _, ...healed } = withProject(state, event.project, event.at);
  return healed;
}

export function onEdit(state: LoopState, event: Of<'edit'>): LoopState {
  const services = byName(state.services);
  for (const name of event.services) {
    const service = services[name];
    if (!service) continue;
    services[name] = {
      ...service,
      edit: event.edit,
      ...(needsImage(service) && { buildEdit: event.edit }),
      editChangedAt: event.changedAt,
      editSeenAt: event.at,
      changed: [...new Set([...service.changed, ...event.files])].slice(-filesKept),
    };
  }
  const releases = byName(state.releases);
  for (const name of event.releases) {
    const release = releases[name];
    if (release) releases[name] = { ...release, edit: event.edit };
  }
  return { ...state, edit: event.edit, services, releases };
}

/**
 * Is an edit nothing that a live update could do? A build that failed has to be mended by a build, and pods that were
 * rolled back lack more than this edit.
 */
const needsImage = ({ spec, build, liveProblem, rolledBack = false }: ServiceState): boolean =>
  !spec?.live || liveProblem !== undefined || build.status === 'failed' || rolledBack;

/** What no longer has live updates waits for none: nobody would send them. */
function withoutLive(known: ServiceState, { live }: ServiceSpec): ServiceState {
  if (live || !known.spec?.live) return known;
  return { ...known, updated: undefined, update: { status: 'idle' }, liveProblem: undefined };
}

function withProject(state: LoopState, project: ProjectSpec, at: number): LoopState {
  const services = byName<ServiceState>();
  for (const spec of project.services) {
    const known = state.services[spec.name];
    services[spec.name] = known ? { ...withoutLive(known, spec), spec } : newService(spec.name, at, spec);
  }
  for (const [name, known] of Object.entries(state.services)) {
    // A workload that only the cluster knows stays; a service that the config has dropped goes.
    if (!services[name] && !known.spec) services[name] = known;
  }
  const releases = byName<ReleaseState>();
  for (const { name } of project.releases) {
    releases[name] = state.releases[name] ?? { name, edit: 0, deploy: { status: 'idle' } };
  }
  return { ...state, project, services, releases };
}
