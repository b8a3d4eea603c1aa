import type { Pod } from '../store/objects.ts';
import { isReady, readySince, restartsOf } from './pods.ts';

const phaseRanks: { readonly [phase: string]: number } = { Pending: 0, Unknown: 1, Running: 2 };
const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

/**
 * What a pod is worth, most important first: the one with the smaller first difference is deleted. Pods that are newer
 * or became ready later go first. (All are on one node, so how many share one does not matter.)
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/controller_utils.go (ActivePodsWithRanks)
 */
const worthOf = (pod: Pod): readonly number[] => [
  pod.spec.nodeName ? 1 : 0,
  phaseRanks[pod.status?.phase ?? 'Pending'] ?? 0,
  isReady(pod) ? 1 : 0,
  Number(pod.metadata.annotations?.[costAnnotation] ?? 0),
  -(readySince(pod) ?? 0),
  -restartsOf(pod),
  -Date.parse(pod.metadata.creationTimestamp),
];

/** The pods that a controller deletes when it has too many. */
export function podsToDelete(pods: readonly Pod[], count: number): Pod[] {
  const ranked = pods.map((pod) => ({ pod, worth: worthOf(pod) }));
  ranked.sort((one, other) => {
    const at = one.worth.findIndex((value, index) => value !== other.worth[index]);
    return (one.worth[at] ?? 0) - (other.worth[at] ?? 0);
  });
  return ranked.slice(0, count).map(({ pod }) => pod);
}
