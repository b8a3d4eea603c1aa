import type { Pod } from '../../store/objects.ts';
import { quantityValue } from '../../store/quantity.ts';

/** What is no quantity counts as 0. */
const amount = (quantity: string | number | undefined): number => quantityValue(quantity ?? 0) || 0;

/**
 * What a pod asks of a resource: the sum of its containers, or its greediest init container if that is more.
 * @param resource `cpu`, `memory`
 */
export function requestOf({ spec }: Pod, resource: string): number {
  const asked = ({ resources }: Pod['spec']['containers'][number]) =>
    amount(resources?.requests?.[resource] ?? resources?.limits?.[resource]);
  const running = spec.containers.reduce((sum, container) => sum + asked(container), 0);
  const first = (spec.initContainers ?? []).map(asked);
  return Math.max(running, ...first) + amount(spec.overhead?.[resource]);
}
