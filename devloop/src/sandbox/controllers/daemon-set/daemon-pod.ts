import type { NewObject } from '../../store/object-store.ts';
import type { DaemonSet, Pod } from '../../store/objects.ts';
import { podFromTemplate } from '../pods.ts';
import { revisionLabel } from '../revisions.ts';

/** What a daemon is not kept off a node by. https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations */
const tolerated: readonly (readonly [key: string, effect: string])[] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];

/** A daemon's pod for a node: the scheduler puts it there by its affinity. */
export function daemonPod(set: DaemonSet, node: string, hash: string): NewObject<Pod> {
  const labels = { [revisionLabel]: hash, 'pod-template-generation': String(set.metadata.generation ?? 1) };
  const pod = podFromTemplate(set.spec.template, set, { generateName: `${set.metadata.name}-` }, labels);
  const tolerations = tolerated.map(([key, effect]) => ({ key, operator: 'Exists', effect }));
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  return {
    ...pod,
    spec: {
      ...pod.spec,
      affinity: {
        ...pod.spec.affinity,
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
      },
      tolerations: [...(pod.spec.tolerations ?? []), ...tolerations],
    },
  };
}
