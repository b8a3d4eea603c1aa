import type { Change } from '../../store/change.ts';
import type { Pod } from '../../store/objects.ts';
import { type NodeContext, nodeName } from '../node-context.ts';
import { isOver, PodWorker } from './pod-worker.ts';

/** The kubelet begins a pod that it could not sync anew so much later. Milliseconds. */
const retryAfter = 10_000;

/** The pods of this node, as the store names them. */
export class PodWorkers {
  readonly #node: NodeContext;
  readonly #workers = new Map<string, PodWorker>();
  readonly #running = new Set<Promise<void>>();
  /** Pods that wait to be begun anew, by uid. */
  readonly #resting = new Set<string>();
  readonly #closing = new AbortController();
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
    this.#closing.abort();
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
    else if (!isOver(pod) && !this.#resting.has(pod.metadata.uid)) this.#run(pod);
  }

  #run(pod: Pod): void {
    const { uid } = pod.metadata;
    const worker = new PodWorker(this.#node, pod);
    this.#workers.set(uid, worker);
    let failed = false;
    // Not at once: the assignment is still being told to others.
    const running = Promise.resolve()
      .then(() => worker.work())
      .catch((error: unknown) => {
        failed = true;
        this.#node.onError('kubelet', error);
      })
      .then(() => {
        this.#workers.delete(uid);
        this.#running.delete(running);
        if (worker.pod.metadata.deletionTimestamp) this.#remove(worker.pod);
        else if (failed) this.#again(worker.pod);
      });
    this.#running.add(running);
  }

  /** Something that nothing foresaw has ended the work on a pod. */
  #again({ metadata: { uid, namespace = '', name } }: Pod): void {
    const { store, clock, events } = this.#node;
    const message = 'error syncing pod, skipping: an error of the sandbox';
    if (this.#closing.signal.aborted) return;
    this.#resting.add(uid);
    const rest = clock.sleep(retryAfter, this.#closing.signal).then(() => {
      this.#running.delete(rest);
      this.#resting.delete(uid);
      const pod = store.get('Pod', namespace, name);
      if (this.#closing.signal.aborted || pod?.metadata.uid !== uid) return;
      events.record(pod, 'Warning', 'FailedSync', message, 'kubelet');
      this.#see(pod);
    });
    this.#running.add(rest);
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
