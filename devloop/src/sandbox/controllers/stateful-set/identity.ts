import type { NewObject } from '../../store/object-store.ts';
import type { PersistentVolumeClaim, Pod, PodTemplate, StatefulSet } from '../../store/objects.ts';
import { podFromTemplate } from '../pods.ts';
import { revisionLabel } from '../revisions.ts';

/** The number behind a pod's name; -1 when it has none, or the pod is not of this set. */
export function ordinalOf({ metadata }: StatefulSet, pod: Pod): number {
  const [, parent, ordinal] = /^(.*)-(\d+)$/.exec(pod.metadata.name) ?? [];
  return parent === metadata.name ? Number(ordinal) : -1;
}

export const revisionOfPod = ({ metadata }: Pod): string | undefined => metadata.labels?.[revisionLabel];

/** The pod with an ordinal, with its stable name and its own volumes. */
export function newPod(set: StatefulSet, template: PodTemplate, revision: string, ordinal: number): NewObject<Pod> {
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = { 'statefulset.kubernetes.io/pod-name': name, [revisionLabel]: revision };
  // The API keeps the prefix although the name is given.
  const pod = podFromTemplate(template, set, { name, generateName: `${set.metadata.name}-` }, labels);
  const claimed = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? '');
  const own = claimed.map((volume) => ({
    name: volume,
    persistentVolumeClaim: { claimName: claimName(volume, name), readOnly: false },
  }));
  const others = (pod.spec.volumes ?? []).filter((volume) => !claimed.includes(volume.name));
  const volumes = [...own, ...others];
  return {
    ...pod,
    spec: {
      ...pod.spec,
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  };
}

const claimName = (template: string, pod: string): string => `${template}-${pod}`;

/** The claims of the pod with a name. They outlive the pod, and the set. */
export function claimsFor(set: StatefulSet, pod: string): NewObject<PersistentVolumeClaim>[] {
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    metadata: {
      name: claimName(metadata?.name ?? '', pod),
      namespace: set.metadata.namespace ?? '',
      labels: { ...metadata?.labels, ...set.spec.selector.matchLabels },
      ...(metadata?.annotations && { annotations: metadata.annotations }),
    },
    spec: structuredClone(spec ?? {}),
  }));
}
