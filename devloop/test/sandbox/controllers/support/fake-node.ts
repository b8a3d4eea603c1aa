import { type ObjectStore, timestamp } from '../../../../src/sandbox/store/object-store.ts';
import type { Pod } from '../../../../src/sandbox/store/objects.ts';
import type { FakeClock } from '../../../support/fake-clock.ts';

/** A node that has no processes: pods become what a test says. */
export interface FakeNode {
  /** What pods that get to the node become at once; `ready` at the start. */
  readonly setMode: (mode: 'ready' | 'running' | 'manual') => void;
  /** False: pods that are told to end stay until `finishDeletions`. */
  setAutoDelete: (on: boolean) => void;
  readonly finishDeletions: () => void;
  readonly set: (name: string, phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed', ready: boolean) => void;
}

/** Subscribes to pods of the store, and makes the node `sandbox` with 4 CPUs and 8 GiB. */
export function createFakeNode(store: ObjectStore, clock: FakeClock): FakeNode {
  let mode: 'ready' | 'running' | 'manual' = 'ready';
  let autoDelete = true;
  let lastAddress = 1;

  const set = (namespace: string, name: string, phase: string, ready: boolean) =>
    store.updateIfThere('Pod', namespace, name, (copy) => {
      const time = timestamp(clock.now());
      const known = copy.status?.conditions?.find(({ type }) => type === 'Ready');
      const status = ready ? 'True' : 'False';
      const condition = known?.status === status ? known : { type: 'Ready', status, lastTransitionTime: time };
      const others = (copy.status?.conditions ?? []).filter(({ type }) => type !== 'Ready');
      lastAddress += 1;
      const podIP = copy.status?.podIP ?? `10.244.0.${lastAddress}`;
      copy.status = { ...copy.status, phase, podIP, conditions: [...others, condition] };
    });
  const finish = (pod: Pod) => {
    if (pod.metadata.deletionTimestamp) store.remove('Pod', pod.metadata.namespace ?? '', pod.metadata.name);
  };

  store.create('Node', {
    metadata: { name: 'sandbox', labels: { 'kubernetes.io/hostname': 'sandbox' } },
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
  });
  store.subscribe('Pod', ({ type, object, before }) => {
    const { namespace = '', name, deletionTimestamp } = object.metadata;
    if (type === 'DELETED') return;
    if (deletionTimestamp && autoDelete) clock.after(0, () => finish(object));
    if (!object.spec.nodeName || before?.spec.nodeName || mode === 'manual') return;
    clock.after(0, () => set(namespace, name, 'Running', mode === 'ready'));
  });
  return {
    setMode: (next) => {
      mode = next;
    },
    setAutoDelete: (on) => {
      autoDelete = on;
    },
    finishDeletions: () => {
      for (const pod of store.list('Pod')) finish(pod);
    },
    set: (name, phase, ready) => {
      set('default', name, phase, ready);
    },
  };
}
