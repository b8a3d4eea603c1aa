import { byName } from '../lib/by-name.ts';
import { podsOf, workloadsOf } from './of-service.ts';
import {
  type LoopState,
  type Notice,
  newService,
  type PodState,
  type ReleaseState,
  type ServiceState,
} from './state.ts';

export const withService = (state: LoopState, service: ServiceState): LoopState =>
  state.services[service.name] === service
    ? state
    : { ...state, services: byName(state.services, { [service.name]: service }) };

export const withRelease = (state: LoopState, release: ReleaseState): LoopState => ({
  ...state,
  releases: byName(state.releases, { [release.name]: release }),
});

export const withPod = (state: LoopState, pod: PodState): LoopState => ({
  ...state,
  pods: byName(state.pods, { [pod.view.uid]: pod }),
});

const noticesKept = 20;

export const withNotice = (state: LoopState, notice: Notice): LoopState => ({
  ...state,
  notices: [...state.notices, notice].slice(-noticesKept),
});

/** The service of that name; a new one for a workload that only the cluster knows. */
export const serviceOrNew = (state: LoopState, name: string, at: number): ServiceState =>
  state.services[name] ?? newService(name, at);

export function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _, ...rest } = record;
  return byName(rest);
}

/** Drops a service that only the cluster named, once nothing of it is left there. */
export function withoutGhost(state: LoopState, name: string): LoopState {
  const service = state.services[name];
  if (!service || service.spec) return state;
  const remains = podsOf(state, name).length > 0 || workloadsOf(state, name).length > 0;
  return remains ? state : { ...state, services: without(state.services, name) };
}
