import type { Deployment } from '../../store/objects.ts';

/** A number, or a share of a whole. @param value `3` or `25%` @param rounded what becomes of a fraction */
export function resolveAmount(value: unknown, whole: number, rounded: 'up' | 'down'): number {
  const text = String(value ?? 0);
  if (!text.endsWith('%')) return Number(text);
  const exact = (Number(text.slice(0, -1)) * whole) / 100;
  return rounded === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

export const replicasOf = ({ spec }: Pick<Deployment, 'spec'>): number => spec.replicas ?? 1;

const isRolling = ({ spec }: Deployment): boolean => (spec.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate';

/**
 * How many pods a rolling update may make beyond the wanted ones, and how many of those may be missing. Surge rounds up,
 * unavailability down, and they are never both 0.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/deployment/util/deployment_util.go (ResolveFenceposts)
 */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = resolveAmount(maxSurge, replicasOf(deployment), 'up');
  const unavailable = resolveAmount(maxUnavailable, replicasOf(deployment), 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Pods beyond the wanted ones; 0 when the deployment does not roll. */
export const maxSurge = (deployment: Deployment): number => (isRolling(deployment) ? fenceposts(deployment).surge : 0);

/** Wanted pods that may be missing; 0 when the deployment does not roll. */
export const maxUnavailable = (deployment: Deployment): number =>
  isRolling(deployment) ? Math.min(fenceposts(deployment).unavailable, replicasOf(deployment)) : 0;

export { isRolling };
