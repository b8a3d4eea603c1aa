import { randomUUID } from 'node:crypto';
import type { Clock } from '../../model/clock.ts';
import { alreadyExists, modified, notFound, tooOld } from './api-error.ts';
import type { Change } from './change.ts';
import { ControllerIndex } from './controller-index.ts';
import { apiVersionOf, kindOf } from './kinds.ts';
import { nameSuffix } from './name-suffix.ts';
import type { KindTypes, KubeObject, Metadata } from './objects.ts';
import { sameJson } from './same-json.ts';

/** The type of a kind's objects. */
export type ObjectOf<Name extends string> = Name extends keyof KindTypes ? KindTypes[Name] : KubeObject;

/** An object that is to be made: what the store fills in may be missing. */
export type NewObject<T> = Omit<T, 'metadata' | 'apiVersion' | 'kind'> & {
  metadata: Partial<Metadata> & ({ name: string } | { generateName: string });
};

/** So many changes are kept for watches that start in the past; older ones answer 410. */
const keptChanges = 10_000;

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

/** An RFC 3339 time in whole seconds, as Kubernetes writes them. @param ms epoch milliseconds */
export const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * All objects of the sandbox, in memory: what etcd is to a cluster. Everything is synchronous, so that a
 * read-change-write of a controller never meets another's. Objects that it hands out are never to be changed: take
 * `update`, which gives a copy to change.
 */
export class ObjectStore {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  /** The keys of a kind in order, until one comes or goes. */
  readonly #sorted = new Map<string, readonly string[]>();
  readonly #listeners = new Map<string, Set<(change: Change) => void>>();
  readonly #controllers = new ControllerIndex();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #changes: (Change & { readonly kind: string })[] = [];
  readonly #untold: (Change & { readonly kind: string })[] = [];
  #version = 0;
  #oldest = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The version of the newest change. */
  get resourceVersion(): number {
    return this.#version;
  }

  get<Name extends string>(kind: Name, namespace: string, name: string): ObjectOf<Name> | undefined {
    return this.#of(kind).get(keyOf(namespace, name)) as ObjectOf<Name> | undefined;
  }

  /** Sorted by namespace and name, as etcd has them. @param namespace all of them when not given */
  list<Name extends string>(kind: Name, namespace?: string): ObjectOf<Name>[] {
    const objects = this.#of(kind);
    const keys = this.#sorted.get(kind) ?? [...objects.keys()].sort();
    this.#sorted.set(kind, keys);
    const all = keys.flatMap((key) => objects.get(key) ?? []);
    const own = namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
    return own as ObjectOf<Name>[];
  }

  /** The objects of one controller in a namespace, by name. @param uid its uid; undefined: those that nobody controls */
  controlledBy<Name extends string>(kind: Name, namespace: string, uid: string | undefined): ObjectOf<Name>[] {
    return this.#controllers.list(kind, namespace, uid) as ObjectOf<Name>[];
  }

  /**
   * Adds an object as it is, with name, uid, time and version filled in. Defaults and validation are the API's.
   * @throws ApiError 409 when the name is taken
   */
  create<Name extends string>(kind: Name, object: NewObject<ObjectOf<Name>>): ObjectOf<Name> {
    const known = kindOf(kind);
    const { apiVersion: _a, kind: _k, metadata, ...rest } = structuredClone(object) as unknown as KubeObject;
    const name = metadata.name ?? `${metadata.generateName}${nameSuffix()}`;
    const namespace = known.namespaced ? (metadata.namespace ?? 'default') : '';
    const objects = this.#of(kind);
    if (objects.has(keyOf(namespace, name))) throw alreadyExists(known, name);
    const made: KubeObject = {
      apiVersion: apiVersionOf(known),
      kind,
      metadata: {
        ...metadata,
        name,
        ...(known.namespaced && { namespace }),
        uid: metadata.uid ?? randomUUID(),
        creationTimestamp: timestamp(this.#clock.now()),
        ...(known.counted && { generation: 1 }),
        resourceVersion: String(this.#version + 1),
      },
      ...rest,
    };
    objects.set(keyOf(namespace, name), made);
    this.#tell(kind, { type: 'ADDED', object: made });
    return made as ObjectOf<Name>;
  }

  /**
   * Changes an object: `change` gets a copy. Nothing happens, and no version is used, when the copy comes out equal.
   * The generation counts up when the spec changed. An object that has a deletionTimestamp goes for good when its last
   * finalizer does; watches are then told of it as it was before, with its finalizers, as in Kubernetes.
   * @throws ApiError 404 when there is none; what `change` throws
   */
  update<Name extends string>(
    kind: Name,
    namespace: string,
    name: string,
    change: (copy: ObjectOf<Name>) => void,
  ): ObjectOf<Name> {
    const known = kindOf(kind);
    const before = this.#of(kind).get(keyOf(namespace, name));
    if (!before) throw notFound(known, name);
    const next = structuredClone(before);
    change(next as ObjectOf<Name>);
    if (sameJson(before, next)) return before as ObjectOf<Name>;
    if (known.counted && !sameJson(before['spec'], next['spec'])) {
      next.metadata.generation = (before.metadata.generation ?? 0) + 1;
    }
    const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = next.metadata;
    const released = deletionTimestamp && before.metadata.finalizers?.length && !finalizers?.length;
    if (released && !deletionGracePeriodSeconds) {
      this.#remove(kind, before, structuredClone(before));
      return next as ObjectOf<Name>;
    }
    next.metadata.resourceVersion = String(this.#version + 1);
    this.#of(kind).set(keyOf(namespace, name), next);
    this.#tell(kind, { type: 'MODIFIED', object: next, before });
    return next as ObjectOf<Name>;
  }

  /** As `update`, for an object that may be gone: resolves to undefined then. */
  updateIfThere<Name extends string>(
    kind: Name,
    namespace: string,
    name: string,
    change: (copy: ObjectOf<Name>) => void,
  ): ObjectOf<Name> | undefined {
    return this.get(kind, namespace, name) && this.update(kind, namespace, name, change);
  }

  /**
   * Removes an object at once, whatever its finalizers say; grace periods and propagation are the API's.
   * @param change what becomes of it at the end; it gets a copy
   * @returns its last state, or undefined when there was none
   */
  remove<Name extends string>(
    kind: Name,
    namespace: string,
    name: string,
    change?: (copy: ObjectOf<Name>) => void,
  ): ObjectOf<Name> | undefined {
    const before = this.#of(kind).get(keyOf(namespace, name));
    if (!before) return undefined;
    const last = structuredClone(before) as ObjectOf<Name>;
    change?.(last);
    return this.#remove(kind, before, last as KubeObject) as ObjectOf<Name>;
  }

  /** Hears every change of a kind from now on, in order; it must not throw. The returned function ends it. */
  subscribe<Name extends string>(kind: Name, listener: (change: Change<ObjectOf<Name>>) => void): () => void {
    const listeners = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, listeners);
    const own = listener as (change: Change) => void;
    listeners.add(own);
    return () => listeners.delete(own);
  }

  /**
   * The changes of a kind after a version, oldest first.
   * @throws ApiError 410 when they are not kept any more
   */
  changesSince(kind: string, resourceVersion: number): readonly Change[] {
    if (resourceVersion < this.#oldest) throw tooOld(resourceVersion, this.#oldest + 1);
    return this.#changes.filter((change) => change.kind === kind && change.resourceVersion > resourceVersion);
  }

  /** Forgets all past changes, as a compaction of etcd does: older watches and lists answer 410. */
  compact(): void {
    this.#changes.length = 0;
    this.#oldest = this.#version;
  }

  /** @throws ApiError 409 when the version that a client saw is not the newest */
  requireVersion(kind: string, object: KubeObject, seen: string | undefined): void {
    if (seen !== undefined && seen !== '' && seen !== object.metadata.resourceVersion)
      throw modified(kindOf(kind), object.metadata.name);
  }

  /** Everything, to be restored by `load`. */
  dump(): { readonly resourceVersion: number; readonly objects: KubeObject[] } {
    return { resourceVersion: this.#version, objects: [...this.#objects.values()].flatMap((all) => [...all.values()]) };
  }

  /** Fills an empty store with a dump. */
  load({
    resourceVersion,
    objects,
  }: {
    readonly resourceVersion: number;
    readonly objects: readonly KubeObject[];
  }): void {
    for (const object of objects) {
      this.#of(object.kind).set(keyOf(object.metadata.namespace ?? '', object.metadata.name), object);
      this.#controllers.note(undefined, object);
    }
    this.#sorted.clear();
    this.#version = resourceVersion;
    this.#oldest = resourceVersion;
  }

  #of(kind: string): Map<string, KubeObject> {
    const objects = this.#objects.get(kind) ?? new Map<string, KubeObject>();
    this.#objects.set(kind, objects);
    return objects;
  }

  #remove(kind: string, before: KubeObject, last: KubeObject): KubeObject {
    last.metadata.resourceVersion = String(this.#version + 1);
    this.#of(kind).delete(keyOf(last.metadata.namespace ?? '', last.metadata.name));
    this.#tell(kind, { type: 'DELETED', object: last, before });
    return last;
  }

  #tell(kind: string, change: Omit<Change, 'resourceVersion'>): void {
    this.#version += 1;
    if (change.type !== 'MODIFIED') this.#sorted.delete(kind);
    this.#controllers.note(change.before, change.type === 'DELETED' ? undefined : change.object);
    const numbered = { ...change, resourceVersion: this.#version, kind };
    this.#changes.push(numbered);
    if (this.#changes.length > keptChanges * 2) {
      this.#changes.splice(0, keptChanges);
      this.#oldest = (this.#changes[0]?.resourceVersion ?? 1) - 1;
    }
    this.#untold.push(numbered);
    if (this.#untold.length > 1) return;
    // A listener that changes something itself must not overtake: everybody hears this change before the next one.
    for (let next = this.#untold[0]; next; next = this.#untold[0]) {
      for (const listener of [...(this.#listeners.get(next.kind) ?? [])]) listener(next);
      this.#untold.shift();
    }
  }
}
