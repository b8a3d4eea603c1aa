import type { StampedEvent } from '../model/events.ts';
import { deployedNow, isSameContent } from './rollback-target.ts';
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

type HealthEvent = Extract<StampedEvent, { type: 'service.health' }>;

const greensKept = 10;
/** So long something has to be ready to count as good. Milliseconds. */
const steadyMs = 10_000;

/** What the user has asked of the loop, and what a later rollback goes back to. */
export function onActionEvent(state: LoopState, event: ActionEvent): LoopState {
  switch (event.type) {
    case 'watch.paused':
      return { ...state, paused: { files: event.files, since: state.paused?.since ?? event.at } };
    case 'watch.resumed': {
      const { paused: _, ...running } = state;
      return running;
    }
    case 'watch.held':
      return { ...state, held: { files: event.files, why: event.why } };
    case 'watch.released': {
      const { held: _, ...free } = state;
      return free;
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
      return withRelease(state, {
        ...release,
        greens: [...others, { ...event.green, since: event.at }].slice(-greensKept),
      });
    }
    case 'service.health':
      return onHealth(state, event);
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

/**
 * One that crashes soon after it was ready has not been good: neither is its edit the last good one, nor what was
 * deployed something to go back to, nor is the next crash another failure.
 */
function onHealth(state: LoopState, event: HealthEvent): LoopState {
  const service = state.services[event.service];
  if (!service) return state;
  const changed = withService(state, { ...service, health: healthOf(service.health, event) });
  const release = state.releases[service.spec?.release ?? ''];
  const newest = release?.greens?.at(-1);
  if (event.status === 'ready' || service.updated || !release || !newest || event.at - newest.since >= steadyMs)
    return changed;
  const now = deployedNow(state, release);
  if (!now || !isSameContent(now, newest)) return changed;
  return withRelease(changed, { ...release, greens: (release.greens ?? []).slice(0, -1) });
}

function healthOf(before: ServiceHealth | undefined, { status, cause, edit, at }: HealthEvent): ServiceHealth {
  if (before?.status === 'failed') {
    const { since, green } = before;
    if (status === 'failed') return { ...before, cause };
    return { status, since: at, edit, failedSince: since, ...(green && { green }) };
  }
  const isSteady = before !== undefined && at - before.since >= steadyMs;
  const green = isSteady ? { edit: before.edit, until: at } : before?.green;
  const known = green ? { green } : {};
  if (status === 'ready') return { status, since: at, edit, ...known };
  return { status, since: (isSteady ? undefined : before?.failedSince) ?? at, cause, ...known };
}
