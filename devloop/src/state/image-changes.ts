import { chartInput } from './deploy-inputs.ts';
import { podsOf, workloadsOf } from './of-service.ts';
import type { LoopState, ServiceState } from './state.ts';

/**
 * The services of a release that only need another image, where that is enough: in the sandbox, on a release that is
 * deployed and whose chart and values have not changed since. Undefined when helm has to run. On a cluster it always
 * runs: what Helm knows of a release is what people roll back to.
 */
export function imageChanges(state: LoopState, name: string): ServiceState[] | undefined {
  const release = state.releases[name];
  if (state.cluster?.kind !== 'sandbox' || release?.deploy.status !== 'succeeded') return undefined;
  // The chart's files may be newer than what is deployed.
  if (release.deploy.by === 'rollback') return undefined;
  if (!release.attempted?.startsWith(`${chartInput(release)} `)) return undefined;
  const changed = Object.values(state.services).filter(
    ({ spec, image, deployed }) => spec?.release === name && image && image.tag !== deployed?.tag,
  );
  const settable = ({ name: service }: ServiceState) =>
    workloadsOf(state, service).length > 0 && containersOf(state, service).length > 0;
  return changed.every(settable) ? changed : undefined;
}

/** The containers of a service's pods that run an image of its own. */
export function containersOf(state: LoopState, name: string): string[] {
  const repository = state.services[name]?.image?.repository;
  const all = podsOf(state, name).flatMap(({ view }) => view.containers);
  const own = all.filter(({ init, image }) => !init && image.startsWith(`${repository}:`));
  return [...new Set(own.map((container) => container.name))];
}
