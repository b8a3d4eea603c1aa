import type { BuiltImage } from '../model/operation.ts';
import { podsOf } from './of-service.ts';
import type { LoopState, PodState, ServiceState } from './state.ts';

/** Does the pod run this image? */
export const runsImage = ({ view }: PodState, { repository, tag }: BuiltImage): boolean =>
  view.containers.some((container) => container.image === `${repository}:${tag}`);

/** Does the pod run what was last deployed: the workload's newest template, with the image that devloop set? */
export const runsDeployed = (pod: PodState, { deployed }: ServiceState): boolean =>
  pod.view.current && !pod.view.deleting && (!deployed || runsImage(pod, deployed));

/** Does it run that with the newest live update of it? */
export const isCurrent = (pod: PodState, service: ServiceState): boolean =>
  runsDeployed(pod, service) && !lacksUpdate(pod, service);

/** The edit that a pod runs, where devloop built its image in this run. */
export function editOf(pod: PodState, { image, deployed }: ServiceState): number | undefined {
  const known = [image, deployed].find((one) => one && runsImage(pod, one));
  return known && Math.max(known.edit, pod.update?.edit ?? 0);
}

/** Is the pod one that the newest live update goes to, and does not have yet? */
export function lacksUpdate(pod: PodState, { updated }: ServiceState): boolean {
  if (!updated || pod.view.deleting) return false;
  return isUpdatable(pod, updated.image) && (pod.update?.edit ?? -1) < updated.edit;
}

const isUpdatable = ({ view }: PodState, image: string): boolean =>
  view.containers.some((container) => !container.init && container.image === image);

/**
 * Does the pod answer? Kubernetes says Ready, or its readiness probe has passed when devloop ran it: the kubelet tells
 * that a container runs, and asks its probe, only once a second or less often.
 */
export function answers({ view, probes, update }: PodState): boolean {
  if (view.deleting || update?.status === 'restarting') return false;
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

/**
 * The pod that a new connection to the service goes to: the newest current one that answers, else any that does. Not one
 * that was started anew and still waits for edits which others have shown already: nobody sees an older edit again.
 */
export function targetPod(state: LoopState, name: string): PodState | undefined {
  const service = state.services[name];
  if (!service) return undefined;
  const answering = podsOf(state, name).filter((pod) => answers(pod) && !isOutdated(pod, service));
  return answering.find((pod) => isCurrent(pod, service)) ?? answering[0];
}

const isOutdated = (pod: PodState, service: ServiceState): boolean =>
  lacksUpdate(pod, service) &&
  pod.update?.status !== 'failed' &&
  (editOf(pod, service) ?? -1) < (service.live?.edit ?? -1);
