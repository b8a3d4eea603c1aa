import type { ObjectRules } from '../../../../src/sandbox/api/parts.ts';
import { createEventRecorder } from '../../../../src/sandbox/controllers/event-recorder.ts';
import { startControllers } from '../../../../src/sandbox/controllers/start-controllers.ts';
import { ApiError } from '../../../../src/sandbox/store/api-error.ts';
import { type Kind, kindOf } from '../../../../src/sandbox/store/kinds.ts';
import { type NewObject, type ObjectOf, ObjectStore } from '../../../../src/sandbox/store/object-store.ts';
import type { KubeObject, Pod } from '../../../../src/sandbox/store/objects.ts';
import { createFakeClock, type FakeClock } from '../../../support/fake-clock.ts';
import { createFakeNode, type FakeNode } from './fake-node.ts';

/** The time at which every world begins: a full hour. */
export const start = Date.parse('2030-01-01T00:00:00Z');

/** A cluster without API and without processes: the store, the controllers, a clock that stands still, a fake node. */
export interface World {
  readonly store: ObjectStore;
  readonly clock: FakeClock;
  readonly node: FakeNode;
  readonly stop: () => void;
  /** Errors that no controller expects. */
  readonly mistakes: unknown[];
  /** Folders of volumes that were to be removed. */
  readonly removed: string[];
  /** Creates an object in `default`, lets everything happen that follows at once, and returns it as it is then. */
  readonly make: <Name extends string>(kind: Name, name: string, fields: object, metadata?: object) => ObjectOf<Name>;
  readonly get: <Name extends string>(kind: Name, name: string) => ObjectOf<Name>;
  readonly change: <Name extends string>(kind: Name, name: string, change: (copy: ObjectOf<Name>) => void) => void;
  /** Lets everything happen that needs no time. */
  readonly settle: () => void;
  /** `Normal ScalingReplicaSet Scaled up …` of an object, oldest first; with ` x2` when it counted up. */
  readonly events: (name: string) => string[];
  readonly pods: (prefix?: string) => Pod[];
  /** Refuses to create objects of a kind from now on; undefined lets them be created again. */
  readonly refuse: (kind: string, error: ApiError | undefined) => void;
}

/** Everything may be created, as it is. */
const noRules: WorldRules = () => ({ prepareCreate: (_kind, object) => object });

type WorldRules = (store: ObjectStore) => Pick<ObjectRules, 'prepareCreate'>;

/**
 * @param prepare fills the store before the controllers start
 * @param rules of what is created; default none
 */
export function createWorld(prepare?: (store: ObjectStore) => void, rules: WorldRules = noRules): World {
  const clock = createFakeClock(start);
  const store = new ObjectStore(clock);
  prepare?.(store);
  const abort = new AbortController();
  const mistakes: unknown[] = [];
  const removed: string[] = [];
  const refused = new Map<string, ApiError>();
  const { prepareCreate: prepareAllowed } = rules(store);
  const prepareCreate = (kind: Kind, object: KubeObject) => {
    const error = refused.get(kind.kind);
    if (error) throw error;
    return prepareAllowed(kind, object);
  };
  const events = createEventRecorder(store, clock);
  const node = createFakeNode(store, clock);
  startControllers({
    store,
    clock,
    rules: { prepareCreate },
    events,
    signal: abort.signal,
    onError: (_controller, error) => {
      if (!(error instanceof ApiError)) mistakes.push(error);
    },
    volumesFolder: '/volumes',
    removeVolume: async (folder) => {
      removed.push(folder);
    },
  });
  const settle = () => {
    clock.advance(0);
    if (mistakes.length > 0) throw mistakes[0];
  };
  const namespaceOf = (kind: string) => (kindOf(kind).namespaced ? 'default' : '');
  const get = <Name extends string>(kind: Name, name: string) => {
    const found = store.get(kind, namespaceOf(kind), name);
    if (!found) throw new Error(`there is no ${kind} ${name}`);
    return found;
  };
  settle();
  return {
    store,
    clock,
    node,
    mistakes,
    removed,
    stop: () => abort.abort(),
    settle,
    get,
    make: (kind, name, fields, metadata = {}) => {
      const asked = { ...fields, metadata: { name, ...metadata } } as unknown as KubeObject;
      store.create(kind, prepareAllowed(kindOf(kind), asked) as unknown as NewObject<ObjectOf<typeof kind>>);
      settle();
      return store.get(kind, namespaceOf(kind), name) as ObjectOf<typeof kind>;
    },
    change: (kind, name, change) => {
      store.update(kind, namespaceOf(kind), name, change);
      settle();
    },
    events: (name) =>
      store
        .list('Event')
        .filter(({ involvedObject }) => involvedObject.name === name)
        .sort((one, other) => Number(one.metadata.resourceVersion) - Number(other.metadata.resourceVersion))
        .map(({ type, reason, message, count }) => `${type} ${reason} ${message}${count > 1 ? ` x${count}` : ''}`),
    pods: (prefix = '') => store.list('Pod', 'default').filter(({ metadata }) => metadata.name.startsWith(prefix)),
    refuse: (kind, error) => {
      if (error) refused.set(kind, error);
      else refused.delete(kind);
    },
  };
}
