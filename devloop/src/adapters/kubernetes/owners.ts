import { remember } from '../../lib/remember.ts';
import type { ProjectSpec } from '../../model/project.ts';
import {
  type DaemonSet,
  type Deployment,
  type Meta,
  type Pod,
  type ReplicaSet,
  releaseAnnotation,
  type StatefulSet,
  type Workload,
} from './objects.ts';
import type { PodOwner } from './pod-view.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** The workloads and replica sets that are known, by uid, and what they tell of a pod. */
export class Owners {
  readonly workloads = new Map<string, Workload>();
  readonly replicaSets = new Map<string, ReplicaSet>();
  readonly #project: () => ProjectSpec;

  constructor(project: () => ProjectSpec) {
    this.#project = project;
  }

  /** The release of ours that an object belongs to. */
  releaseOf(meta: Meta | undefined): string | undefined {
    const name = meta?.annotations?.[releaseAnnotation];
    return this.#project().releases.find((release) => release.name === name)?.name;
  }

  /** Whose pod it is; undefined for a pod of no release of ours. */
  ofPod(pod: Pod): PodOwner | undefined {
    const owner = controllerOf(pod.metadata);
    if (!owner) return undefined;
    const replicaSet = this.replicaSets.get(owner.uid);
    const top = replicaSet ? controllerOf(replicaSet.metadata) : owner;
    const workload = top && this.workloads.get(top.uid);
    const release = this.releaseOf(workload?.metadata);
    if (!workload || !release) return undefined;
    const name = workload.metadata?.name ?? '';
    return {
      release,
      service: this.serviceOf(workload),
      workload: { kind: top.kind, name },
      current: replicaSet
        ? isNewest(replicaSet, workload as Deployment)
        : isUpdated(pod, workload as StatefulSet | DaemonSet),
    };
  }

  /** Whether an object, by its uid, controls the pod or what controls the pod. */
  isAbove(uid: string, pod: Pod): boolean {
    const owner = controllerOf(pod.metadata)?.uid ?? '';
    return owner === uid || controllerOf(this.replicaSets.get(owner)?.metadata)?.uid === uid;
  }

  /** The configured service that a workload runs: by its name in the config, else by its image, else its own name. */
  serviceOf(workload: Workload): string {
    const name = workload.metadata?.name ?? '';
    const images = (workload.spec?.template.spec?.containers ?? []).map((container) =>
      repositoryOf(container.image ?? ''),
    );
    const { byWorkload, byRepository } = servicesOf(this.#project());
    const named = byWorkload.get(name);
    if (named !== undefined) return named;
    // Of several, the first in the configuration.
    const indexes = images.map((image) => byRepository.get(image) ?? Number.POSITIVE_INFINITY);
    return this.#project().services[Math.min(...indexes)]?.name ?? name;
  }
}

const servicesOf = remember(({ services }: ProjectSpec) => {
  const byWorkload = new Map<string, string>();
  const byRepository = new Map<string, number>();
  for (const [index, { name, workload, image }] of services.entries()) {
    if (workload !== undefined) {
      if (!byWorkload.has(workload)) byWorkload.set(workload, name);
    } else if (image && !byRepository.has(image.repository)) byRepository.set(image.repository, index);
  }
  return { byWorkload, byRepository };
});

const controllerOf = (meta: Meta | undefined) => (meta?.ownerReferences ?? []).find((owner) => owner.controller);

/** The reference without tag and digest. */
export const repositoryOf = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^:/]+$/, '');

const isNewest = (replicaSet: ReplicaSet, deployment: Deployment): boolean =>
  replicaSet.metadata?.annotations?.[revisionAnnotation] === deployment.metadata?.annotations?.[revisionAnnotation];

function isUpdated(pod: Pod, workload: StatefulSet | DaemonSet): boolean {
  const hash = pod.metadata?.labels?.['controller-revision-hash'];
  const wanted = workload.status && 'updateRevision' in workload.status ? workload.status.updateRevision : undefined;
  return wanted === undefined || hash === wanted;
}
