import type { BuiltImage } from '../model/operation.ts';
import { podsOf } from './of-service.ts';
import type { LoopState, PodState, ServiceState } from './state.ts';

/** Does the pod run this image? */
export const runsImage = ({ view }: PodState, { repository, tag }: BuiltImage): boolean =>
  view.containers.some((container) => container.image === `${repository}:${tag}`);

/** Does the pod run what was last deployed: the workload's newest template, with the image that devloop set? */
export const isCurrent = (pod: PodState, service: ServiceState): boolean =>
  pod.view.current && !pod.view.deleting && (!service.deployed || runsImage(pod, service.deployed));

/**
 * Does the pod answer? Kubernetes says Ready, or its readiness probe has passed when devloop ran it: the kubelet tells
 * that a container runs, and asks its probe, only once a second or less often.
 */
export function answers({ view, probes }: PodState): boolean {
  if (view.deleting) return false;
  if (view.ready) return true;
  const last = probes.findLast((probe) => probe.kind === 'readiness' && probe.from === 'devloop');
  if (!last?.ok) return false;
  const containers = view.containers.filter((container) => !container.init);
  // A container that has ended since, or was started anew, has not answered yet.
  return containers.every(
    ({ state, restarts, startedAt = 0 }) =>
      (state === 'running' && (restarts === 0 || last.at >= startedAt + clockSlack)) ||
      (state === 'waiting' && restarts === 0),
  );
}

/** Kubernetes cuts start times to whole seconds. */
const clockSlack = 1000;

/** The pod that a new connection to the service goes to: the newest current one that answers, else any that does. */
export function targetPod(state: LoopState, name: string): PodState | undefined {
  const service = state.services[name];
  if (!service) return undefined;
  const answering = podsOf(state, name).filter(answers);
  return answering.find((pod) => isCurrent(pod, service)) ?? answering[0];
}
