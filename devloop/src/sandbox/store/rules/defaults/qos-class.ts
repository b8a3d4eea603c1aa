import type { Container } from '../../objects.ts';
import { compareQuantities } from '../../quantity.ts';
import { allContainers, type PodSpec } from './pod-spec.ts';

const counted = ['cpu', 'memory'];
const asked = (amounts: Record<string, string> | undefined): [string, string][] =>
  Object.entries(amounts ?? {}).filter(
    ([name, amount]) => counted.includes(name) && compareQuantities(amount, '0') > 0,
  );

const guaranteed = ({ resources }: Container): boolean =>
  counted.every((name) => {
    const limit = resources?.limits?.[name];
    return limit !== undefined && compareQuantities(limit, resources?.requests?.[name] ?? limit) === 0;
  });

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = allContainers(spec);
  const some = containers.some(
    ({ resources }) => asked(resources?.limits).length + asked(resources?.requests).length > 0,
  );
  if (!some) return 'BestEffort';
  return containers.every(guaranteed) ? 'Guaranteed' : 'Burstable';
}
