import { remember } from '../lib/remember.ts';
import type { ForwardView } from '../model/operation.ts';
import type { WorkloadView } from '../model/pod.ts';
import type { LoopState, PodState } from './state.ts';

// With hundreds of services, asking each pod for each service takes longer than a frame may: so what the state holds is
// grouped by service, once for each record, which never changes.

const groupPods = remember((pods: LoopState['pods']) => {
  const groups = Map.groupBy(Object.values(pods), ({ view }) => view.service);
  for (const group of groups.values())
    group.sort((a, b) => b.view.createdAt - a.view.createdAt || a.view.name.localeCompare(b.view.name));
  return groups;
});
const groupWorkloads = remember((all: LoopState['workloads']) =>
  Map.groupBy(Object.values(all), ({ service }) => service),
);
const groupForwards = remember((all: LoopState['forwards']) =>
  Map.groupBy(Object.values(all), ({ service }) => service),
);

/** Pods of a service, newest first. */
export const podsOf = ({ pods }: LoopState, service: string): readonly PodState[] => groupPods(pods).get(service) ?? [];

/** Workloads of a service. */
export const workloadsOf = ({ workloads }: LoopState, service: string): readonly WorkloadView[] =>
  groupWorkloads(workloads).get(service) ?? [];

/** Forwards of a service, by their local ports. */
export const forwardsOf = ({ forwards }: LoopState, service: string): readonly ForwardView[] =>
  groupForwards(forwards).get(service) ?? [];
