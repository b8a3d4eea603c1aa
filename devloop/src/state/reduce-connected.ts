import { byName } from '../lib/by-name.ts';
import type { LoopState, ReleaseState, ServiceState } from './state.ts';

/**
 * The cluster is back. What has failed is tried once more, and so is what is under way if it fails, whatever it fails of:
 * the loss may have been the cause, and nobody might save again. A rollback is not: it may be wanted no longer.
 */
export function onConnected({ clusterLost, ...state }: LoopState): LoopState {
  if (clusterLost === undefined) return state;
  return {
    ...state,
    services: mapValues(state.services, withBuildAgain),
    releases: mapValues(state.releases, withDeployAgain),
  };
}

function withBuildAgain(service: ServiceState): ServiceState {
  const { build } = service;
  if (build.status !== 'failed' && build.status !== 'running') return service;
  return { ...service, build: { ...build, again: true } };
}

function withDeployAgain(release: ReleaseState): ReleaseState {
  const { deploy } = release;
  if ((deploy.status !== 'failed' && deploy.status !== 'running') || deploy.rollbackTo !== undefined) return release;
  return { ...release, deploy: { ...deploy, again: true } };
}

const mapValues = <T>(values: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> =>
  byName(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)])));
