import { clusterHandlers } from '../engine/cluster-handlers.ts';
import { deployInputs } from '../state/deploy-inputs.ts';
import type { Session } from './session.ts';

/**
 * Fills the store with what the cluster has of the project, as if a loop had deployed it, and goes on watching until
 * the signal aborts. Resolves to the releases that are installed.
 */
export async function lookAtCluster(
  { project, target, store, outside }: Session,
  signal: AbortSignal,
): Promise<Set<string>> {
  // Without images to build, a service's phase is what its pods say.
  const services = project.services.map(({ image: _, ...service }) => service);
  const cluster = { context: target.context, kind: target.kind, why: target.why };
  store.dispatch({ type: 'loop.started', project: { ...project, services }, cluster });
  const installed = new Set<string>();
  const { dispatch, getState } = store;
  await Promise.all([
    ...project.releases.map(async ({ name }) => {
      const latest = await outside.helm.latest(name, project.namespace, signal);
      dispatch({ type: 'deploy.started', release: name, edit: 0, inputs: deployInputs(getState(), name) ?? '' });
      if (!latest) return;
      installed.add(name);
      dispatch({
        type: 'deploy.succeeded',
        release: name,
        revision: latest.revision,
        by: 'nothing',
        images: [],
        chart: '',
        edit: 0,
        ms: 0,
      });
    }),
    outside.kubernetes.watch(() => project, clusterHandlers(store), signal),
  ]);
  return installed;
}
