import type { StampedEvent } from '../model/events.ts';
import type { LoopState, ReleaseState } from './state.ts';
import { withRelease, withService } from './update.ts';

type DeployEvent = Extract<StampedEvent, { type: `deploy.${string}` }>;

export function onDeployEvent(state: LoopState, event: DeployEvent): LoopState {
  const release = state.releases[event.release];
  if (!release) return state;
  const changed = withRelease(state, { ...release, ...changeOf(event) });
  if (event.type !== 'deploy.succeeded') return changed;
  return event.images.reduce((current, { service: name, ...image }) => {
    const service = current.services[name];
    return service ? withService(current, { ...service, deployed: image, deployedAt: event.at }) : current;
  }, changed);
}

function changeOf(event: DeployEvent): Partial<ReleaseState> {
  switch (event.type) {
    case 'deploy.started':
      return { deploy: { status: 'running', edit: event.edit, startedAt: event.at }, attempted: event.inputs };
    case 'deploy.succeeded': {
      const { edit, ms, by, at, revision, chart } = event;
      return { deploy: { status: 'succeeded', edit, endedAt: at, ms, by }, revision, chart };
    }
    case 'deploy.failed': {
      const { edit, ms, problem, at } = event;
      return { deploy: { status: 'failed', edit, endedAt: at, ms, problem } };
    }
    default:
      return event satisfies never;
  }
}
