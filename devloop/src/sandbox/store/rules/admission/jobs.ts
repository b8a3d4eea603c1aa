import type { Job } from '../../objects.ts';

/**
 * A Job finds its pods by its uid, unless it brings a selector of its own. The labels have an old and a new spelling.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-controller-uid
 */
export function addJobSelector({ metadata, spec }: Job): void {
  if (spec.manualSelector || !spec.template) return;
  const { uid, name } = metadata;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  // Without labels of its own a Job has those of its pods.
  if (Object.keys(metadata.labels ?? {}).length === 0)
    metadata.labels = { ...spec.template.metadata?.labels, ...labels };
  spec.selector = { ...spec.selector, matchLabels: { ...spec.selector?.matchLabels, 'controller-uid': uid } };
  spec.template.metadata = {
    ...spec.template.metadata,
    labels: { ...spec.template.metadata?.labels, ...labels },
  };
}
