import type { ObjectStore } from '../../store/object-store.ts';
import type { Container, Volume } from '../../store/objects.ts';
import { type Allocatable, fieldValue, type PodFacts, resourceValue } from '../env/field-ref.ts';

export interface PayloadFile {
  readonly data: Buffer;
  /** Permission bits. */
  readonly mode: number;
}
/** The files of a volume that is made of API objects, by relative path. */
export type Payload = ReadonlyMap<string, PayloadFile>;

/** A volume cannot be made now: `FailedMount`. The message is what follows `MountVolume.SetUp failed for volume "x" : `. */
export class MountError extends Error {}

interface Item {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}
type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

/** Permissions when nobody says other. https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/ */
const defaultMode = 0o644;

/**
 * What the files of a volume are now; undefined for a volume that is not made of API objects.
 * @throws MountError in the kubelet's words
 */
export function payloadOf(
  store: ObjectStore,
  facts: PodFacts,
  volume: Volume,
  allocatable: Allocatable,
): Payload | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  const result = new Map<string, PayloadFile>();
  const namespace = facts.pod.metadata.namespace ?? '';

  const pick = (data: ReadonlyMap<string, Buffer>, items: readonly Item[] | undefined, mode: number, of: SourceRef) => {
    if (!items?.length) for (const [key, value] of data) result.set(key, { data: value, mode });
    for (const item of items ?? []) {
      const value = data.get(item.key);
      if (value) result.set(item.path, { data: value, mode: item.mode ?? mode });
      else if (!of.optional) throw new MountError(missingKey(of, item.key));
    }
  };
  const take = (of: SourceRef, items: readonly Item[] | undefined, mode: number) => {
    const data =
      of.kind === 'ConfigMap' ? configMapData(store, namespace, of.name) : secretData(store, namespace, of.name);
    if (data) pick(data, items, mode, of);
    else if (!of.optional) throw new MountError(`${of.kind.toLowerCase()} "${of.name}" not found`);
  };
  const downward = (items: NonNullable<Projection['downwardAPI']>['items'], mode: number) => {
    for (const { path, fieldRef, resourceFieldRef, mode: own } of items ?? []) {
      const text = fieldRef
        ? fieldValue(facts, fieldRef.fieldPath)
        : resourceText(facts.pod.spec.containers, resourceFieldRef, allocatable);
      result.set(path, { data: Buffer.from(text), mode: own ?? mode });
    }
  };

  if (configMap)
    take(refTo('ConfigMap', configMap.name, configMap.optional), configMap.items, configMap.defaultMode ?? defaultMode);
  else if (secret)
    take(refTo('Secret', secret.secretName, secret.optional), secret.items, secret.defaultMode ?? defaultMode);
  else if (downwardAPI) downward(downwardAPI.items, downwardAPI.defaultMode ?? defaultMode);
  else if (projected) {
    const mode = projected.defaultMode ?? defaultMode;
    const failures: string[] = [];
    const add = ({ configMap, secret, downwardAPI }: Projection) => {
      if (configMap) take(refTo('ConfigMap', configMap.name, configMap.optional), configMap.items, mode);
      if (secret) take(refTo('Secret', secret.name, secret.optional), secret.items, mode);
      if (downwardAPI) downward(downwardAPI.items, mode);
    };
    for (const source of projected.sources ?? []) {
      try {
        add(source);
      } catch (error) {
        if (!(error instanceof MountError)) throw error;
        failures.push(error.message);
      }
    }
    if (failures.length > 0) throw new MountError(failures.length > 1 ? `[${failures.join(', ')}]` : failures[0]);
  } else return undefined;
  return result;
}

interface SourceRef {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly optional: boolean;
}

const refTo = (kind: SourceRef['kind'], name: string | undefined, optional: boolean | undefined): SourceRef => ({
  kind,
  name: name ?? '',
  optional: optional ?? false,
});

const missingKey = ({ kind }: SourceRef, key: string): string =>
  kind === 'ConfigMap'
    ? `configmap references non-existent config key: ${key}`
    : `references non-existent secret key: ${key}`;

function configMapData(store: ObjectStore, namespace: string, name: string): Map<string, Buffer> | undefined {
  const found = store.get('ConfigMap', namespace, name);
  if (!found) return undefined;
  const texts = Object.entries(found.data ?? {}).map(([key, value]) => [key, Buffer.from(value)] as const);
  const bytes = Object.entries(found.binaryData ?? {}).map(
    ([key, value]) => [key, Buffer.from(value, 'base64')] as const,
  );
  return new Map([...texts, ...bytes]);
}

function secretData(store: ObjectStore, namespace: string, name: string): Map<string, Buffer> | undefined {
  const found = store.get('Secret', namespace, name);
  return found && new Map(Object.entries(found.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
}

function resourceText(
  containers: readonly Container[],
  ref: { containerName?: string; resource: string; divisor?: unknown } | undefined,
  allocatable: Allocatable,
): string {
  const container = containers.find(({ name }) => name === ref?.containerName);
  if (!ref || !container) return '';
  const divisor = ref.divisor === undefined ? undefined : String(ref.divisor);
  return resourceValue(container, ref.resource, divisor, allocatable);
}
