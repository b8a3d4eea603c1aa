import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectStore } from '../../store/object-store.ts';
import type { Container, Volume } from '../../store/objects.ts';
import { expand } from '../env/expand.ts';
import type { Allocatable, PodFacts } from '../env/field-ref.ts';
import { writeAtomically } from './atomic-files.ts';
import { checkHostPath } from './host-path.ts';
import type { Mount } from './mounts.ts';
import { MountError, payloadOf } from './payload.ts';

/** The volumes of a pod, as folders of this machine. */
export interface PodVolumes {
  /** Makes those that containers mount and that are missing. @returns what went wrong, in the kubelet's words */
  readonly setUp: () => Promise<string[]>;
  /** Writes again what ConfigMaps, Secrets and the pod say now. What is gone meanwhile stays. */
  readonly refresh: () => Promise<void>;
  /** @param env for `subPathExpr` */
  readonly mountsOf: (container: Container, env: Readonly<Record<string, string>>) => Promise<Mount[]>;
}

interface Options {
  readonly store: ObjectStore;
  readonly facts: () => PodFacts;
  /** Absolute; the pod's folder of volumes. */
  readonly folder: string;
  readonly allocatable: Allocatable;
}

export function createPodVolumes({ store, facts, folder, allocatable }: Options): PodVolumes {
  const sources = new Map<string, string>();
  const written = new Map<string, string>();
  let round = 0;
  let busy = Promise.resolve();

  /** @returns the folder of a volume that is made of API objects, undefined for another one */
  async function writePayload(volume: Volume): Promise<string | undefined> {
    const payload = payloadOf(store, facts(), volume, allocatable);
    if (!payload) return undefined;
    const place = path.join(folder, volume.name);
    const text = JSON.stringify([...payload].map(([name, { data, mode }]) => [name, data.toString('base64'), mode]));
    if (written.get(volume.name) !== text) {
      round += 1;
      await writeAtomically(place, payload, String(round));
      written.set(volume.name, text);
    }
    return place;
  }

  async function sourceOf(volume: Volume): Promise<string> {
    const payload = await writePayload(volume);
    if (payload !== undefined) return payload;
    if (volume.hostPath) {
      await checkHostPath(volume.hostPath);
      return volume.hostPath.path;
    }
    const claimed = claimedFolder(store, facts().pod.metadata.namespace ?? '', volume);
    const place = claimed ?? path.join(folder, volume.name);
    await mkdir(place, { recursive: true, mode: 0o700 });
    return place;
  }

  async function setUp(): Promise<string[]> {
    const { volumes = [], initContainers = [], containers } = facts().pod.spec;
    const mounted = new Set([...initContainers, ...containers].flatMap(({ volumeMounts = [] }) => volumeMounts));
    const names = new Set([...mounted].map(({ name }) => name));
    const failures: string[] = [];
    // One that no container mounts is never looked at, as in the kubelet.
    for (const volume of volumes.filter(({ name }) => names.has(name) && !sources.has(name))) {
      try {
        sources.set(volume.name, await sourceOf(volume));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        failures.push(`MountVolume.SetUp failed for volume "${volume.name}" : ${why}`);
      }
    }
    return failures;
  }

  async function refreshAll(): Promise<void> {
    for (const volume of facts().pod.spec.volumes ?? []) {
      if (sources.has(volume.name)) await writePayload(volume).catch(() => undefined);
    }
  }

  /** One at a time: two rounds would take each other's folders away. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = busy.then(work);
    busy = next.then(
      () => {},
      () => {},
    );
    return next;
  }

  return {
    setUp: () => inTurn(setUp),
    refresh: () => inTurn(refreshAll),
    mountsOf: async (container, env) => {
      const mounts: Mount[] = [];
      for (const { name, mountPath, subPath, subPathExpr } of container.volumeMounts ?? []) {
        const source = sources.get(name);
        if (source === undefined) continue;
        const below = subPathExpr ? expand(subPathExpr, env) : subPath;
        const target = below ? path.join(source, below) : source;
        // A sub path that is not there becomes a folder, in a ConfigMap too.
        if (below) await mkdir(target, { recursive: true, mode: 0o700 }).catch(() => {});
        mounts.push({ mountPath, source: target });
      }
      return mounts;
    },
  };
}

/** The folder of a claim; undefined for a volume that lives and dies with the pod. */
function claimedFolder(store: ObjectStore, namespace: string, { persistentVolumeClaim }: Volume): string | undefined {
  if (!persistentVolumeClaim) return undefined;
  const { claimName } = persistentVolumeClaim;
  const claim = store.get('PersistentVolumeClaim', namespace, claimName);
  if (!claim) throw new MountError(`persistentvolumeclaim "${claimName}" not found`);
  const volume = claim.spec.volumeName && store.get('PersistentVolume', '', claim.spec.volumeName);
  const place = volume ? (volume.spec.hostPath?.path ?? volume.spec.local?.path) : undefined;
  if (place === undefined) throw new MountError(`PVC "${namespace}/${claimName}" is not bound`);
  return place;
}
