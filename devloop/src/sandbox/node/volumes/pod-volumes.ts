import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectStore } from '../../store/object-store.ts';
import type { Container, Volume } from '../../store/objects.ts';
import { expand } from '../env/expand.ts';
import type { Allocatable, PodFacts } from '../env/field-ref.ts';
import { writeAtomically } from './atomic-files.ts';
import type { Mount } from './mounts.ts';
import { MountError, payloadOf } from './payload.ts';

/** The volumes of a pod, as folders of this machine. */
export interface PodVolumes {
  /** Makes those that are missing. @throws MountError whose message starts with the volume's name in Kubernetes' words */
  readonly setUp: () => Promise<void>;
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
    const outside = hostFolder(store, facts().pod.metadata.namespace ?? '', volume);
    const place = outside ?? path.join(folder, volume.name);
    if (volume.hostPath?.type !== 'File' && volume.hostPath?.type !== 'Socket') {
      await mkdir(place, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        // A hostPath may be a file.
        if (error.code !== 'EEXIST') throw new MountError(error.message);
      });
    }
    return place;
  }

  async function setUp(): Promise<void> {
    for (const volume of facts().pod.spec.volumes ?? []) {
      if (sources.has(volume.name)) continue;
      try {
        sources.set(volume.name, await sourceOf(volume));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new MountError(`MountVolume.SetUp failed for volume "${volume.name}" : ${why}`);
      }
    }
  }

  async function refreshAll(): Promise<void> {
    for (const volume of facts().pod.spec.volumes ?? []) {
      if (sources.has(volume.name)) await writePayload(volume).catch(() => undefined);
    }
  }

  /** One at a time: two rounds would take each other's folders away. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const next = busy.then(work);
    busy = next.catch(() => {});
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
        // A sub path of a folder that is not there is made; one of a ConfigMap is a file, and there.
        if (below && !written.has(name)) await mkdir(target, { recursive: true, mode: 0o700 }).catch(() => {});
        mounts.push({ mountPath, source: target });
      }
      return mounts;
    },
  };
}

/** The folder outside of the pod that a volume means; undefined for one that lives and dies with the pod. */
function hostFolder(
  store: ObjectStore,
  namespace: string,
  { hostPath, persistentVolumeClaim }: Volume,
): string | undefined {
  if (hostPath) return hostPath.path;
  if (!persistentVolumeClaim) return undefined;
  const { claimName } = persistentVolumeClaim;
  const claim = store.get('PersistentVolumeClaim', namespace, claimName);
  if (!claim) throw new MountError(`persistentvolumeclaim "${claimName}" not found`);
  const volume = claim.spec.volumeName && store.get('PersistentVolume', '', claim.spec.volumeName);
  const place = volume ? (volume.spec.hostPath?.path ?? volume.spec.local?.path) : undefined;
  if (place === undefined) throw new MountError(`PVC "${namespace}/${claimName}" is not bound`);
  return place;
}
