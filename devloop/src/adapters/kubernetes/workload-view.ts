import type { WorkloadView } from '../../model/pod.ts';
import type { DaemonSet, Deployment, StatefulSet, Workload } from './objects.ts';

/** What the loop uses of a Deployment, StatefulSet or DaemonSet. Pure. */
export function workloadView(kind: string, workload: Workload, release: string, service: string): WorkloadView {
  const { metadata, status } = workload;
  const complaint = complaintOf(workload);
  return {
    uid: metadata?.uid ?? '',
    kind,
    name: metadata?.name ?? '',
    release,
    service,
    observed: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
    ...countsOf(kind, workload),
    ...(complaint && { complaint }),
  };
}

function countsOf(kind: string, workload: Workload): { replicas: number; updated: number } {
  if (kind === 'DaemonSet') {
    const { status } = workload as DaemonSet;
    return { replicas: status?.desiredNumberScheduled ?? 0, updated: status?.updatedNumberScheduled ?? 0 };
  }
  const { spec, status } = workload as Deployment | StatefulSet;
  return { replicas: spec?.replicas ?? 1, updated: status?.updatedReplicas ?? 0 };
}

function complaintOf(workload: Workload): string | undefined {
  const conditions = (workload as Deployment).status?.conditions ?? [];
  const bad = conditions.find(
    (condition) =>
      (condition.type === 'ReplicaFailure' && condition.status === 'True') ||
      (condition.type === 'Progressing' && condition.status === 'False'),
  );
  return bad && (bad.message ?? bad.reason);
}
