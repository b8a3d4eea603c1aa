import type { StampedEvent } from '../model/events.ts';
import { withBuildEvent, withBuildLine } from './build-history.ts';
import {
  withBuildOfEdit,
  withDeployOfEdit,
  withEdit,
  withEditSent,
  withLiveEdit,
  withUpdateOfEdit,
} from './edit-history.ts';
import type { LoopState, ServiceState } from './state.ts';
import { withService } from './update.ts';

/** The state with what the event adds to the histories of builds and edits. @param state as it is after the event */
export function keepHistory(state: LoopState, event: StampedEvent): LoopState {
  switch (event.type) {
    case 'log': {
      const { source, service, text } = event.line;
      return source === 'build' ? changed(state, service, (known) => withBuildLine(known, text)) : state;
    }
    case 'edit':
      return changedAll(state, (service) => {
        const isOwn = event.services.includes(service.name);
        const isOfRelease = service.spec !== undefined && event.releases.includes(service.spec.release);
        return isOwn || isOfRelease ? withEdit(service, event, isOwn) : service;
      });
    case 'build.step':
      return changed(state, event.service, (service) => withBuildEvent(service, event));
    case 'build.started':
    case 'build.succeeded':
    case 'build.failed':
    case 'build.cancelled':
      return changed(state, event.service, (service) => withBuildOfEdit(withBuildEvent(service, event), event));
    case 'update.started':
    case 'update.prepared':
    case 'update.refused':
    case 'update.failed':
      return changed(state, event.service, (service) => withUpdateOfEdit(service, event));
    case 'pod.update':
      return changed(state, event.service, withEditSent);
    case 'deploy.succeeded':
    case 'deploy.failed':
      return changedAll(state, (service) =>
        service.spec?.release === event.release ? withDeployOfEdit(service, event) : service,
      );
    case 'service.live':
      return changed(state, event.service, (service) => withLiveEdit(service, event));
    default:
      return state;
  }
}

function changed(state: LoopState, name: string, change: (service: ServiceState) => ServiceState): LoopState {
  const service = state.services[name];
  return service ? withService(state, change(service)) : state;
}

const changedAll = (state: LoopState, change: (service: ServiceState) => ServiceState): LoopState =>
  Object.values(state.services).reduce((current, service) => withService(current, change(service)), state);
