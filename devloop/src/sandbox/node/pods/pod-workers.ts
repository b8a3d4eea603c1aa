import type { Change } from '../../store/object-store.ts';
import type { Pod } from '../../store/objects.ts';
import { type NodeContext, nodeName } from '../node-context.ts';
import { isOver, PodWorker } from './pod-worker.ts';

/** The pods of this node, as the store names them. */
export class PodWorkers {
  readonly #node: NodeContext;
  readonly #workers = new Map<string, PodWorker>();
  readonly #running = new Set<Promise<void>>();
  #ends: (() => void)[] = [];

  constructor(node: NodeContext) {
    this.#node = node;
  }

  /** Takes on the pods that are assigned to the node, now and from now on. */
  start(): void {
    const { store } = this.#node;
    const refresh = () => {
      for (const worker of this.#workers.values()) worker.refreshVolumes();
    };
    this.#ends = [
      store.subscribe('Pod', (change) => this.#onChange(change)),
      store.subscribe('ConfigMap', refresh),
      store.subscribe('Secret', refresh),
    ];
    for (const pod of store.list('Pod')) this.#see(pod);
  }

  of({ metadata }: Pod): PodWorker | undefined {
    return this.#workers.get(metadata.uid);
  }

  all(): PodWorker[] {
    return [...this.#workers.values()];
  }

  /** Ends all containers, and leaves the pods as they are. @param grace milliseconds */
  async stop(grace: number): Promise<void> {
    for (const end of this.#ends) end();
    for (const worker of this.#workers.values()) worker.stop(grace);
    await Promise.all(this.#running);
  }

  #onChange({ type, object }: Change<Pod>): void {
    if (type === 'DELETED') this.#workers.get(object.metadata.uid)?.kill();
    else this.#see(object);
  }

  #see(pod: Pod): void {
    if (pod.spec.nodeName !== nodeName) return;
    const worker = this.#workers.get(pod.metadata.uid);
    if (worker) worker.update(pod);
    else if (pod.metadata.deletionTimestamp) this.#remove(pod);
    else if (!isOver(pod)) this.#run(pod);
  }

  #run(pod: Pod): void {
    const { uid } = pod.metadata;
    const worker = new PodWorker(this.#node, pod);
    this.#workers.set(uid, worker);
    // Not at once: the assignment is still being told to others.
    const running = Promise.resolve()
      .then(() => worker.work())
      .catch((error: unknown) => {
        this.#node.onError('kubelet', error);
        const why = error instanceof Error ? error.message : String(error);
        this.#node.events.record(worker.pod, 'Warning', 'FailedSync', `error syncing pod, skipping: ${why}`, 'kubelet');
      })
      .then(() => {
        this.#workers.delete(uid);
        this.#running.delete(running);
        if (worker.pod.metadata.deletionTimestamp) this.#remove(worker.pod);
      });
    this.#running.add(running);
  }

  /** The last step of a deletion, unless another pod has the name already. */
  #remove({ metadata: { namespace = '', name, uid } }: Pod): void {
    const { store } = this.#node;
    const current = store.get('Pod', namespace, name);
    if (current?.metadata.uid !== uid) return;
    if (!current.metadata.finalizers?.length) {
      store.remove('Pod', namespace, name);
      return;
    }
    // A finalizer holds it: it goes when that does.
    store.update('Pod', namespace, name, (copy) => {
      copy.metadata.deletionGracePeriodSeconds = 0;
    });
  }
}
