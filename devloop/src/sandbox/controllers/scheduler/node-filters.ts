import type { Node, Pod } from '../../store/objects.ts';
import { quantityValue } from '../../store/quantity.ts';
import { matchesLabels, meets } from '../labels.ts';
import { isFinished } from '../pods.ts';
import { requestOf } from './requests.ts';

type Term = NonNullable<
  NonNullable<
    NonNullable<NonNullable<Pod['spec']['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
  >
>['nodeSelectorTerms'][number];
type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

/**
 * Why a pod does not fit on a node, in the scheduler's words; nothing when it does. The first filter that refuses ends
 * it. https://github.com/kubernetes/kubernetes/tree/v1.20.2/pkg/scheduler/framework/plugins
 * @param others the pods that are on the node
 */
export function reasonsAgainst(pod: Pod, node: Node, others: readonly Pod[]): string[] {
  if (node.spec?.unschedulable && !tolerates(pod, unschedulable)) return ['node(s) were unschedulable'];
  const taint = node.spec?.taints?.find((one) => one.effect !== 'PreferNoSchedule' && !tolerates(pod, one));
  if (taint) return [`node(s) had taint {${taint.key}: ${taint.value ?? ''}}, that the pod didn't tolerate`];
  if (!isSelected(pod, node)) return ["node(s) didn't match Pod's node affinity"];
  const taken = others.flatMap(hostPortsOf);
  if (hostPortsOf(pod).some((port) => taken.includes(port))) {
    return ["node(s) didn't have free ports for the requested pod ports"];
  }
  return tooMuch(pod, node, others);
}

const unschedulable: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const tolerates = ({ spec }: Pod, taint: Taint): boolean =>
  (spec.tolerations ?? []).some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (!effect || effect === taint.effect) &&
      (!key || key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );

function isSelected({ spec }: Pod, node: Node): boolean {
  if (!matchesLabels(spec.nodeSelector ?? {}, node.metadata.labels)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => isTermMet(term, node));
}

const isTermMet = ({ matchExpressions = [], matchFields = [] }: Term, { metadata }: Node): boolean =>
  matchExpressions.every((expression) => meets(expression, metadata.labels ?? {})) &&
  matchFields.every((field) => meets(field, { 'metadata.name': metadata.name }));

const hostPortsOf = ({ spec }: Pod): string[] =>
  spec.containers
    .flatMap(({ ports }) => ports ?? [])
    .flatMap(({ hostPort, protocol = 'TCP' }) => (hostPort ? [`${hostPort}/${protocol}`] : []));

function tooMuch(pod: Pod, { status }: Node, others: readonly Pod[]): string[] {
  const allocatable = status?.allocatable ?? {};
  const running = others.filter((other) => !isFinished(other));
  const reasons = ['cpu', 'memory', 'ephemeral-storage'].filter((resource) => {
    const asked = requestOf(pod, resource);
    if (asked === 0 || allocatable[resource] === undefined) return false;
    const used = running.reduce((sum, other) => sum + requestOf(other, resource), 0);
    return used + asked > quantityValue(allocatable[resource]);
  });
  const places = allocatable['pods'];
  const isFull = places !== undefined && running.length + 1 > quantityValue(places);
  return [...reasons.map((resource) => `Insufficient ${resource}`), ...(isFull ? ['Too many pods'] : [])];
}
