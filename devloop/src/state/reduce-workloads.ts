import { byName } from '../lib/by-name.ts';
import type { StampedEvent } from '../model/events.ts';
import { workloadsOf } from './of-service.ts';
import type { LoopState, ReleaseState } from './state.ts';
import { serviceOrNew, without, withoutGhost, withRelease, withService } from './update.ts';

type WorkloadEvent = Extract<StampedEvent, { type: `workload.${string}` }>;

export function onWorkloadEvent(state: LoopState, event: WorkloadEvent): LoopState {
  if (event.type === 'workload.changed') {
    const { workload, at } = event;
    const workloads = byName(state.workloads, { [workload.uid]: workload });
    return withGone(withService({ ...state, workloads }, serviceOrNew(state, workload.service, at)), workload.service);
  }
  const removed = state.workloads[event.uid];
  if (!removed) return state;
  const changed = { ...state, workloads: without(state.workloads, event.uid) };
  return withoutGhost(withGone(changed, removed.service), removed.service);
}

/** Notes on its release whether a service has lost its last workload to anybody but a deploy that runs. */
function withGone(state: LoopState, service: string): LoopState {
  const release = state.releases[state.services[service]?.spec?.release ?? ''];
  if (!release) return state;
  if (workloadsOf(state, service).length > 0)
    return release.gone === service ? withRelease(state, { ...release, gone: undefined }) : state;
  return isDeployed(release) ? withRelease(state, { ...release, gone: service }) : state;
}

const isDeployed = ({ deploy, revision }: ReleaseState): boolean =>
  deploy.status !== 'running' && revision !== undefined;
