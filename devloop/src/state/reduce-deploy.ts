import type { StampedEvent } from '../model/events.ts';
import { type BuiltImage, imageReference } from '../model/operation.ts';
import { isSameContent, rollbackTarget } from './rollback-target.ts';
import type { LoopState, ReleaseState, ServiceState } from './state.ts';
import { withRelease, withService } from './update.ts';

type DeployEvent = Extract<StampedEvent, { type: `deploy.${string}` }>;

export function onDeployEvent(state: LoopState, event: DeployEvent): LoopState {
  const release = state.releases[event.release];
  if (!release) return state;
  const changed = withRelease(state, { ...release, ...changeOf(release, event), ...greensAfter(release, event) });
  if (event.type === 'deploy.started')
    return event.rollbackTo === undefined ? changed : withoutRollback(changed, event);
  if (event.type !== 'deploy.succeeded') return changed;
  return withoutVainRollback(withDeployed(changed, event), event);
}

function withDeployed(state: LoopState, event: Extract<DeployEvent, { type: 'deploy.succeeded' }>): LoopState {
  return event.images.reduce((current, { service: name, ...image }) => {
    const service = current.services[name];
    if (!service) return current;
    return withService(current, {
      ...(event.rolledBack?.includes(name) ? rolledBack(service, image) : service),
      deployed: newestOf(image, service.image),
      deployedAt: event.at,
    });
  }, state);
}

/** A later edit that made the very same image is deployed with it: nothing more will be. */
const newestOf = (deployed: BuiltImage, image: BuiltImage | undefined): BuiltImage =>
  image && image.edit > deployed.edit && imageReference(image) === imageReference(deployed) ? image : deployed;

function withoutRollback(state: LoopState, { release: name }: DeployEvent): LoopState {
  const release = state.releases[name];
  if (release?.rollback === undefined) return state;
  const { rollback: _, ...rest } = release;
  return withRelease(state, rest);
}

/** A deploy that a rollback waited for may have left nothing to go back to. */
function withoutVainRollback(state: LoopState, event: DeployEvent): LoopState {
  const service = state.releases[event.release]?.rollback;
  return service === undefined || rollbackTarget(state, service) ? state : withoutRollback(state, event);
}

/** What was tried after the revision that a rollback went to is nothing to go back to. */
function greensAfter({ greens = [] }: ReleaseState, event: DeployEvent): Partial<ReleaseState> {
  if (event.type !== 'deploy.succeeded' || event.by !== 'rollback') return {};
  const target = greens.findLastIndex((green) => isSameContent(green, event));
  return { greens: greens.slice(0, target + 1) };
}

/** The service with an older image again. What its files say now is not tried once more until they change. */
function rolledBack({ live: _, updated: __, ...service }: ServiceState, image: BuiltImage): ServiceState {
  const { build, buildEdit, edit } = service;
  const isBuilt = build.status !== 'running' && build.status !== 'idle' && build.edit >= buildEdit;
  return {
    ...service,
    image,
    rolledBack: true,
    update: { status: 'refused', edit },
    ...(isBuilt && { buildEdit: Math.min(buildEdit, image.edit) }),
  };
}

function changeOf({ deploy }: ReleaseState, event: DeployEvent): Partial<ReleaseState> {
  switch (event.type) {
    case 'deploy.started': {
      const { edit, inputs, at, rollbackTo } = event;
      if (rollbackTo === undefined)
        return { deploy: { status: 'running', edit, startedAt: at, inputs }, attempted: inputs, gone: undefined };
      // One that fails leaves what was attempted before it: that is not tried once more.
      return { deploy: { status: 'running', edit, startedAt: at, inputs, rollbackTo } };
    }
    case 'deploy.succeeded': {
      const { edit, ms, by, at, revision, chart } = event;
      const attempted = by === 'rollback' && deploy.status === 'running' && { attempted: deploy.inputs };
      return { deploy: { status: 'succeeded', edit, endedAt: at, ms, by }, revision, chart, ...attempted };
    }
    case 'deploy.failed': {
      const { edit, ms, problem, at } = event;
      const { rollbackTo, again } = deploy.status === 'running' ? deploy : {};
      return {
        deploy: {
          ...{ status: 'failed', edit, endedAt: at, ms, problem },
          ...(rollbackTo !== undefined && { rollbackTo }),
          ...(again && { again }),
        },
      };
    }
    default:
      return event satisfies never;
  }
}
