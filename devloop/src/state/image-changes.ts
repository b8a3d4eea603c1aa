import { chartInput } from './deploy-inputs.ts';
import { workloadsOf } from './of-service.ts';
import type { LoopState, ServiceState } from './state.ts';

/**
 * The services of a release that only need another image, where that is enough: in the sandbox, on a release that is
 * deployed and whose chart and values have not changed since. Undefined when helm has to run. On a cluster it always
 * runs: what Helm knows of a release is what people roll back to.
 */
export function imageChanges(state: LoopState, name: string): ServiceState[] | undefined {
  const release = state.releases[name];
  if (state.cluster?.kind !== 'sandbox' || release?.deploy.status !== 'succeeded') return undefined;
  if (!release.attempted?.startsWith(`${chartInput(release)} `)) return undefined;
  const changed = Object.values(state.services).filter(
    ({ spec, image, deployed }) => spec?.release === name && image && image.tag !== deployed?.tag,
  );
  return changed.every((service) => workloadsOf(state, service.name).length > 0) ? changed : undefined;
}
