import type { ClusterHandlers } from '../../engine/outside.ts';
import type { Clock } from '../../model/clock.ts';
import { whyOf } from '../../model/errors.ts';
import type { PodView, WorkloadView } from '../../model/pod.ts';
import type { ProjectSpec } from '../../model/project.ts';
import { ClusterReach } from './cluster-reach.ts';
import type { Connection } from './connection.ts';
import { eventView } from './event-view.ts';
import type { KubeEvent, KubeObject, Pod, ReplicaSet, Secret, Workload } from './objects.ts';
import { Owners } from './owners.ts';
import { podView } from './pod-view.ts';
import { reflect } from './reflect.ts';
import { declaredValues, secretValues } from './secret-values.ts';
import { workloadView } from './workload-view.ts';

const workloadKinds = [
  ['Deployment', 'deployments'],
  ['StatefulSet', 'statefulsets'],
  ['DaemonSet', 'daemonsets'],
] as const;

/** Helm keeps each revision of a release, values included, in a Secret of up to a megabyte. */
const notOfHelm = 'type!=helm.sh/release.v1';

/**
 * Watches the namespace and reports what belongs to the project's releases: workloads by Helm's annotation, pods by
 * their owners, events by their object. Resolves when the first lists are in.
 */
export async function watchReleases(
  connection: Connection,
  clock: Clock,
  project: () => ProjectSpec,
  handlers: ClusterHandlers,
  signal: AbortSignal,
): Promise<void> {
  const { namespace } = project();
  const owners = new Owners(project);
  const pods = new Map<string, Pod>();
  const podViews = new Map<string, PodView>();
  const workloadViews = new Map<string, WorkloadView>();
  const reach = new ClusterReach(handlers);

  /** A pod's view depends on its owners too: it is told again when they change it. */
  function tellPod(pod: Pod): void {
    const owner = owners.ofPod(pod);
    if (!owner) return;
    const view = podView(pod, owner);
    const uid = view.uid;
    if (JSON.stringify(podViews.get(uid)) === JSON.stringify(view)) return;
    podViews.set(uid, view);
    handlers.pod(view);
  }
  /** @param uid of a replica set or workload that has changed */
  const tellPodsOf = (uid: string) => {
    for (const pod of pods.values()) if (owners.isAbove(uid, pod)) tellPod(pod);
  };

  function tellWorkload(kind: string, workload: Workload): void {
    const uid = workload.metadata?.uid ?? '';
    owners.workloads.set(uid, workload);
    const release = owners.releaseOf(workload.metadata);
    if (release) {
      const view = workloadView(kind, workload, release, owners.serviceOf(workload));
      if (JSON.stringify(workloadViews.get(uid)) !== JSON.stringify(view)) {
        workloadViews.set(uid, view);
        handlers.workload(view);
      }
    }
    tellPodsOf(uid);
  }

  function tellEvent(event: KubeEvent): void {
    const { kind, uid, name } = event.involvedObject;
    const pod = podViews.get(uid ?? '');
    const workload = workloadViews.get(uid ?? '');
    const service = pod?.service ?? workload?.service ?? serviceOfReplicaSet(owners, uid);
    if (service) handlers.event(eventView(event, service, { kind: kind ?? '', name: name ?? '' }));
  }

  function start<T extends KubeObject>(
    path: string,
    changed: (object: T) => void,
    removed: (object: T) => void,
  ): Promise<void> {
    const { lost, connected } = reach.watch();
    return reflect<T>(connection, clock, path, { changed, removed, lost, connected }, signal).catch((error) => {
      // It was refused, which is an answer too.
      connected();
      throw error;
    });
  }

  const secretPath = `/api/v1/namespaces/${namespace}/secrets?fieldSelector=${encodeURIComponent(notOfHelm)}`;
  // First of all: what is told of the others may hold their values.
  await start<Secret>(
    secretPath,
    (secret) => handlers.secrets(secret.metadata?.uid ?? '', secretValues(secret, project())),
    (secret) => handlers.secrets(secret.metadata?.uid ?? '', []),
  ).catch((error: unknown) => handlers.unmasked(whyOf(error)));
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  await Promise.all(
    workloadKinds.map(([kind, plural]) =>
      start<Workload>(
        `${apps}/${plural}`,
        (workload) => tellWorkload(kind, workload),
        (workload) => {
          const uid = workload.metadata?.uid ?? '';
          owners.workloads.delete(uid);
          const view = workloadViews.get(uid);
          workloadViews.delete(uid);
          if (view) handlers.workloadRemoved(view);
        },
      ),
    ),
  );
  await start<ReplicaSet>(
    `${apps}/replicasets`,
    (replicaSet) => {
      const uid = replicaSet.metadata?.uid ?? '';
      owners.replicaSets.set(uid, replicaSet);
      tellPodsOf(uid);
    },
    (replicaSet) => {
      owners.replicaSets.delete(replicaSet.metadata?.uid ?? '');
    },
  );
  await start<Pod>(
    `${core}/pods`,
    (pod) => {
      pods.set(pod.metadata?.uid ?? '', pod);
      handlers.secrets(pod.metadata?.uid ?? '', declaredValues(pod, project()));
      tellPod(pod);
    },
    (pod) => {
      const uid = pod.metadata?.uid ?? '';
      pods.delete(uid);
      handlers.secrets(uid, []);
      const view = podViews.get(uid);
      podViews.delete(uid);
      if (view) handlers.podRemoved(view);
    },
  );
  await start<KubeEvent>(`${core}/events`, tellEvent, () => {});
}

function serviceOfReplicaSet(owners: Owners, uid: string | undefined): string | undefined {
  const replicaSet = owners.replicaSets.get(uid ?? '');
  const owner = replicaSet?.metadata?.ownerReferences?.find((one) => one.controller);
  const workload = owner && owners.workloads.get(owner.uid);
  return workload && owners.releaseOf(workload.metadata) ? owners.serviceOf(workload) : undefined;
}
