import type { StampedEvent } from '../model/events.ts';
import { isSameContent } from './rollback-target.ts';
import type { LoopState, ServiceHealth } from './state.ts';
import { withRelease, withService } from './update.ts';

type ActionType =
  | `watch.${string}`
  | 'service.toggled'
  | 'rebuild.asked'
  | 'rollback.asked'
  | 'release.green'
  | 'service.health';
type ActionEvent = Extract<StampedEvent, { type: ActionType }>;

const greensKept = 10;

/** What the user has asked of the loop, and what a later rollback goes back to. */
export function onActionEvent(state: LoopState, event: ActionEvent): LoopState {
  switch (event.type) {
    case 'watch.paused':
      return { ...state, paused: { files: event.files, since: state.paused?.since ?? event.at } };
    case 'watch.resumed': {
      const { paused: _, ...running } = state;
      return running;
    }
    case 'service.toggled':
      return withActive(state, event.service, event.active);
    case 'rebuild.asked': {
      const service = state.services[event.service];
      if (!service?.spec?.image) return state;
      return withService(state, { ...service, rebuild: true, buildEdit: service.edit, buildWhy: undefined });
    }
    case 'rollback.asked': {
      const release = state.releases[state.services[event.service]?.spec?.release ?? ''];
      return release ? withRelease(state, { ...release, rollback: event.service }) : state;
    }
    case 'release.green': {
      const release = state.releases[event.release];
      if (!release) return state;
      const others = (release.greens ?? []).filter((known) => !isSameContent(known, event.green));
      return withRelease(state, { ...release, greens: [...others, event.green].slice(-greensKept) });
    }
    case 'service.health': {
      const service = state.services[event.service];
      return service ? withService(state, { ...service, health: healthOf(service.health, event) }) : state;
    }
    default:
      return event satisfies never;
  }
}

function withActive(state: LoopState, name: string, active: boolean): LoopState {
  const service = state.services[name];
  const { project } = state;
  if (!project || !service?.spec) return state;
  const services = project.services.map((spec) => (spec.name === name ? { ...spec, active } : spec));
  return withService(
    { ...state, project: { ...project, services } },
    { ...service, spec: { ...service.spec, active } },
  );
}

function healthOf(
  before: ServiceHealth | undefined,
  { status, cause, edit, at }: Extract<StampedEvent, { type: 'service.health' }>,
): ServiceHealth {
  if (status === 'ready') return { status, since: before?.status === 'ready' ? before.since : at, edit };
  if (before?.status === 'failed') return { ...before, cause };
  return { status, since: at, cause, ...(before && { green: { edit: before.edit, until: at } }) };
}
