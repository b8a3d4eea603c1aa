import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { timestamp } from '../../store/object-store.ts';
import type { Pod } from '../../store/objects.ts';
import { containerStatus } from '../containers/container-record.ts';
import { ContainerWorker } from '../containers/container-worker.ts';
import { hostIP, type NodeContext, type PodContext } from '../node-context.ts';
import { createPodVolumes, type PodVolumes } from '../volumes/pod-volumes.ts';
import { PodDeadline } from './pod-deadline.ts';
import { gatesOf, type PodPlace, podStatus } from './pod-status.ts';

/** The waits between tries to mount volumes. https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/util/goroutinemap/exponentialbackoff/exponential_backoff.go */
const shortestMountWait = 500;
const longestMountWait = 122_000;

/** One pod, from its assignment to the node until its containers have ended. */
export class PodWorker {
  readonly podIP: string;
  readonly #node: NodeContext;
  readonly #folder: string;
  readonly #volumes: PodVolumes;
  /** Its containers are to end; after that, with `#leaving`, nothing of it stays. */
  readonly #ending = new AbortController();
  readonly #leaving = new AbortController();
  readonly #killing = new AbortController();
  readonly #init: ContainerWorker[];
  readonly #main: ContainerWorker[];
  readonly #startTime: string;
  readonly #deadline: PodDeadline;
  #pod: Pod;
  #hasAddress = false;
  #graceLimit = Number.POSITIVE_INFINITY;
  #isStopped = false;
  #failure: PodPlace['failure'];

  constructor(node: NodeContext, pod: Pod) {
    this.#node = node;
    this.#pod = pod;
    this.podIP = node.addresses.take();
    this.#folder = path.join(node.folder, 'pods', pod.metadata.uid);
    this.#startTime = timestamp(node.clock.now());
    this.#volumes = createPodVolumes({
      store: node.store,
      facts: () => ({ pod: this.#pod, podIP: this.podIP, hostIP }),
      folder: path.join(this.#folder, 'volumes'),
      allocatable: node.allocatable,
    });
    const context: PodContext = {
      node,
      pod: () => this.#pod,
      podIP: this.podIP,
      volumes: this.#volumes,
      folder: this.#folder,
      record: (type, reason, message, fieldPath) => this.#record(type, reason, message, fieldPath),
      changed: () => this.#writeStatus(),
      ending: this.#ending.signal,
      killing: this.#killing.signal,
      grace: () => this.#grace(),
    };
    this.#deadline = new PodDeadline(node.clock, () => this.#fail());
    const { initContainers = [], containers } = pod.spec;
    const waiting = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
    const known = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    const restarts = (name: string) => known.find((status) => status.name === name)?.restartCount ?? 0;
    const workers = (all: typeof containers, init: boolean) =>
      all.map((container) => new ContainerWorker(context, container, init, waiting, restarts(container.name)));
    this.#init = workers(initContainers, true);
    this.#main = workers(containers, false);
  }

  get pod(): Pod {
    return this.#pod;
  }

  container(name: string): ContainerWorker | undefined {
    return [...this.#init, ...this.#main].find(({ record }) => record.name === name);
  }

  /** The process groups of its containers that run now. */
  groups(): { readonly name: string; readonly group: number; readonly since: string | undefined }[] {
    return this.#main.flatMap(({ record, run }) =>
      run?.group === undefined ? [] : [{ name: record.name, group: run.group, since: record.state.running?.startedAt }],
    );
  }

  /** Brings it up and keeps it up. Resolves when all of it has ended for good, and its folder and address are free. */
  async work(): Promise<void> {
    const { ports, addresses } = this.#node;
    try {
      this.#writeStatus();
      this.#setDeadline();
      if (await this.#mount()) {
        this.#hasAddress = true;
        this.#writeStatus();
        if (await this.#initialize()) await this.#runAll();
        this.#writeStatus();
      }
      // What has completed keeps its logs until the pod goes.
      if (!this.#leaving.signal.aborted) await once(this.#leaving.signal, 'abort');
    } finally {
      this.#deadline.clear();
      ports.close(this.podIP);
      addresses.giveBack(this.podIP);
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  /** Hears of a change of its object: its end, another image, other labels. */
  update(pod: Pod): void {
    const before = this.#pod;
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp) {
      this.end();
      return;
    }
    for (const worker of [...this.#init, ...this.#main]) worker.specChanged();
    if (!isDeepStrictEqual(gatesOf(pod), gatesOf(before))) this.#writeStatus();
    if (pod.spec.activeDeadlineSeconds !== before.spec.activeDeadlineSeconds) this.#setDeadline();
    const { labels, annotations } = pod.metadata;
    const told = { labels: before.metadata.labels, annotations: before.metadata.annotations };
    if (!isDeepStrictEqual({ labels, annotations }, told)) void this.#volumes.refresh();
  }

  /** A ConfigMap or Secret changed. */
  refreshVolumes(): void {
    void this.#volumes.refresh();
  }

  /** Ends its containers with the grace of its deletion. */
  end(): void {
    this.#leaving.abort();
    this.#ending.abort();
  }

  /** Ends its containers at once. */
  kill(): void {
    this.#killing.abort();
    this.end();
  }

  /** Ends its containers because the node stops: the object stays as it is. @param grace milliseconds at most */
  stop(grace: number): void {
    this.#isStopped = true;
    this.#graceLimit = grace;
    this.end();
  }

  #grace(): number {
    if (this.#killing.signal.aborted) return 0;
    const { metadata, spec } = this.#pod;
    const seconds = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
    return Math.min(seconds * 1000, this.#graceLimit);
  }

  #setDeadline(): void {
    const { status, spec } = this.#pod;
    this.#deadline.set(Date.parse(status?.startTime ?? this.#startTime), spec.activeDeadlineSeconds);
  }

  /** Its time is over: it has failed, and its containers end. */
  #fail(): void {
    if (this.#ending.signal.aborted || isOver(this.#pod)) return;
    const message = 'Pod was active on the node longer than the specified deadline';
    this.#failure = { reason: 'DeadlineExceeded', message };
    this.#record('Normal', 'DeadlineExceeded', message);
    this.#writeStatus();
    this.#ending.abort();
  }

  async #mount(): Promise<boolean> {
    for (let wait = shortestMountWait; !this.#ending.signal.aborted; wait = Math.min(wait * 2, longestMountWait)) {
      try {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        this.#node.ports.open(this.podIP);
        const failures = await this.#volumes.setUp();
        if (failures.length === 0) return !this.#ending.signal.aborted;
        for (const failure of failures) this.#record('Warning', 'FailedMount', failure);
      } catch (error) {
        this.#node.onError(`pod ${this.#pod.metadata.name}`, error);
        this.#record('Warning', 'FailedSync', `error syncing pod, skipping: ${error}`);
      }
      await this.#node.clock.sleep(wait, this.#ending.signal);
    }
    return false;
  }

  /** Runs the init containers, one after the other. @returns false when one has failed for good, or the pod ends */
  async #initialize(): Promise<boolean> {
    for (const worker of this.#init) if (!(await this.#run(worker))) return false;
    return !this.#ending.signal.aborted;
  }

  async #runAll(): Promise<void> {
    const results = await Promise.allSettled(this.#main.map((worker) => this.#run(worker)));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  /** One that fails in a way that nothing foresaw takes the others along: no process is left that nobody minds. */
  #run(worker: ContainerWorker): Promise<boolean> {
    return worker.work().catch((error: unknown) => {
      this.kill();
      throw error;
    });
  }

  #record(type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void {
    if (!this.#isStopped) this.#node.events.record(this.#pod, type, reason, message, 'kubelet', fieldPath);
  }

  #writeStatus(): void {
    if (this.#isStopped) return;
    const { metadata } = this.#pod;
    const { store, clock } = this.#node;
    const current = store.get('Pod', metadata.namespace ?? '', metadata.name);
    if (current?.metadata.uid !== metadata.uid) return;
    const statuses = {
      init: this.#init.map(({ record }) => containerStatus(record, true)),
      main: this.#main.map(({ record }) => containerStatus(record, false)),
    };
    const startTime = current.status?.startTime ?? this.#startTime;
    const place = { startTime, hostIP, podIP: this.#hasAddress ? this.podIP : undefined, failure: this.#failure };
    store.update('Pod', metadata.namespace ?? '', metadata.name, (copy) => {
      copy.status = structuredClone(podStatus(copy.spec, copy.status, place, statuses, clock.now()));
    });
  }
}

/** True for a pod that has run to its end: it is not started again. */
export const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
