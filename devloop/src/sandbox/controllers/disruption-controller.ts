import type { V1PodDisruptionBudget } from '@kubernetes/client-node';
import type { Json, KubeObject, Pod } from '../store/objects.ts';
import { type ControllerContext, follow } from './context.ts';
import { resolveAmount } from './deployment/limits.ts';
import { matchesSelector } from './labels.ts';
import { isActive, isReady } from './pods.ts';
import { runController } from './run-controller.ts';

const component = 'controllermanager';

type Budget = KubeObject & Pick<Json<V1PodDisruptionBudget>, 'spec' | 'status'>;

/** Counts how many pods of each PodDisruptionBudget may be disrupted. The pods there are count as the expected ones. */
export function startDisruptionController(context: ControllerContext): void {
  const { store } = context;
  const queue = runController(context, 'disruption', 'PodDisruptionBudget', (namespace, name) => {
    const budget = store.get('PodDisruptionBudget', namespace, name) as Budget | undefined;
    if (!budget) return undefined;
    const pods = store.list('Pod', namespace).filter(({ metadata }) => isOf(budget, metadata));
    if (pods.length === 0) context.events.record(budget, 'Normal', 'NoPods', 'No matching pods found', component);
    store.update('PodDisruptionBudget', namespace, name, (copy) => {
      copy['status'] = statusOf(budget, pods);
    });
    return undefined;
  });
  follow(context, 'Pod', ({ object, before }) => {
    for (const budget of store.list('PodDisruptionBudget', object.metadata.namespace) as Budget[]) {
      const isConcerned = [object, before].some((pod) => pod && isOf(budget, pod.metadata));
      if (isConcerned) queue.add(budget.metadata.namespace ?? '', budget.metadata.name);
    }
  });
}

const isOf = ({ spec }: Budget, { labels }: Pod['metadata']): boolean => matchesSelector(spec?.selector, labels);

function statusOf({ metadata, spec }: Budget, all: readonly Pod[]): NonNullable<Budget['status']> {
  const pods = all.filter(isActive);
  const currentHealthy = pods.filter(isReady).length;
  const desiredHealthy =
    spec?.maxUnavailable === undefined
      ? resolveAmount(spec?.minAvailable ?? 1, pods.length, 'up')
      : Math.max(0, pods.length - resolveAmount(spec.maxUnavailable, pods.length, 'up'));
  return {
    expectedPods: pods.length,
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed: pods.length > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0,
    observedGeneration: metadata.generation ?? 0,
  };
}
