import type { Pod } from '../../store/objects.ts';

const factors: { readonly [suffix: string]: number } = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** `100m`, `1.5Gi`: as a number, exact enough to compare sums. What is no quantity counts as 0. */
export function quantityValue(text: string | number | undefined): number {
  const [, number = '0', suffix = ''] = /^([\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(text ?? 0)) ?? [];
  return Number(number) * (factors[suffix] ?? 0);
}

/**
 * What a pod asks of a resource: the sum of its containers, or its greediest init container if that is more.
 * @param resource `cpu`, `memory`
 */
export function requestOf({ spec }: Pod, resource: string): number {
  const asked = ({ resources }: Pod['spec']['containers'][number]) =>
    quantityValue(resources?.requests?.[resource] ?? resources?.limits?.[resource]);
  const running = spec.containers.reduce((sum, container) => sum + asked(container), 0);
  const first = (spec.initContainers ?? []).map(asked);
  return Math.max(running, ...first) + quantityValue(spec.overhead?.[resource]);
}
