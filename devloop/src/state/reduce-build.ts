import type { StampedEvent } from '../model/events.ts';
import { type BuildStep, imageReference } from '../model/operation.ts';
import type { BuildState, LoopState, ServiceState } from './state.ts';
import { withService } from './update.ts';

type BuildEvent = Extract<StampedEvent, { type: `build.${string}` }>;

export function onBuildEvent(state: LoopState, event: BuildEvent): LoopState {
  const service = state.services[event.service];
  if (!service) return state;
  return withService(state, { ...service, ...changeOf(service, event) });
}

function changeOf(service: ServiceState, event: BuildEvent): Partial<ServiceState> {
  const { build } = service;
  switch (event.type) {
    case 'build.started':
      return {
        build: {
          status: 'running',
          edit: event.edit,
          changedAt: service.editChangedAt,
          seenAt: service.editSeenAt,
          startedAt: event.at,
          steps: [],
          ...(event.forced && { forced: true }),
        },
        ...(event.forced && { rebuild: false }),
      };
    case 'build.step':
      return build.status === 'running' ? { build: { ...build, steps: withStep(build.steps, event.step) } } : {};
    case 'build.succeeded': {
      const { image, ms, reused, at } = event;
      if (isOvertaken(build, image.edit)) return {};
      const done: BuildState = {
        status: 'succeeded',
        edit: image.edit,
        endedAt: at,
        ms,
        reused,
        steps: stepsOf(build),
      };
      const times = build.status === 'running' && {
        times: { changed: build.changedAt, seen: build.seenAt, built: at },
      };
      // What is newer than the image goes to its pods too.
      const updated = service.updated &&
        service.updated.edit > image.edit && { ...service.updated, image: imageReference(image) };
      const isLookedAt = service.update.status === 'running' && service.update.edit > image.edit;
      return {
        build: done,
        image: { ...image, ...times },
        updated: updated || undefined,
        update: isLookedAt || service.update.status !== 'running' ? service.update : { status: 'idle' },
        buildWhy: undefined,
        ...(service.rolledBack && { rolledBack: false }),
      };
    }
    case 'build.failed': {
      const { edit, ms, problem, at } = event;
      if (isOvertaken(build, edit)) return {};
      const again = build.status === 'running' && build.again && { again: true };
      const failed: BuildState = { status: 'failed', edit, endedAt: at, ms, problem, steps: stepsOf(build), ...again };
      return { build: failed, buildEdit: service.edit };
    }
    case 'build.cancelled':
      if (isOvertaken(build, event.edit)) return {};
      // What was asked for is still wanted.
      return { build: { status: 'idle' }, ...(build.status === 'running' && build.forced && { rebuild: true }) };
    default:
      return event satisfies never;
  }
}

/** Has a build of a newer edit taken its place? What the older one still reports must not end the newer one. */
const isOvertaken = (build: BuildState, edit: number): boolean => build.status !== 'idle' && build.edit > edit;

const stepsOf = (build: BuildState): readonly BuildStep[] => (build.status === 'idle' ? [] : build.steps);

function withStep(steps: readonly BuildStep[], step: BuildStep): readonly BuildStep[] {
  return steps.some((known) => known.id === step.id)
    ? steps.map((known) => (known.id === step.id ? step : known))
    : [...steps, step];
}
