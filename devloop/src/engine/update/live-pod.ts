import { Pulse } from '../../lib/pulse.ts';
import { Fault, problemOf, whyOf } from '../../model/errors.ts';
import type { ContainerView, PodView } from '../../model/pod.ts';
import type { LiveContainer } from '../outside.ts';
import { readMark } from './mark.ts';
import { type LivePodParts, PodUpdater } from './pod-updater.ts';

/** A way in that cannot be opened is tried again after so many milliseconds, doubled each time. */
const firstRetryMs = 50;
const longestRetryMs = 1000;
/** After so many milliseconds without a way in, an edit takes an image. */
const unreachableMs = 10_000;

/** Keeps one pod in step with its service's live updates, over all the runs of its container. */
export class LivePod {
  readonly #parts: LivePodParts;
  readonly #service: string;
  readonly #updater: PodUpdater;
  readonly #pulse = new Pulse();
  /** The newest edit when the container last ended. */
  #endedAt = -1;
  /** The newest edit that could not be sent: it is not tried again in this run of the container. */
  #failed = -1;

  constructor(parts: LivePodParts, service: string, uid: string) {
    this.#parts = parts;
    this.#service = service;
    this.#updater = new PodUpdater(parts, service, uid);
  }

  /** Something may have changed that concerns it: the pod, or the newest edit. */
  poke(): void {
    this.#pulse.beat();
  }

  /** Resolves when the signal aborts, or when the pod turns out not to be updatable. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.poke(), { once: true });
    while (!signal.aborted) {
      const changed = this.#pulse.next();
      const running = this.#running();
      if (!running) {
        await this.#heal(signal);
        await changed;
        continue;
      }
      const connection = await this.#connect(signal);
      if (connection === 'unavailable') return;
      if (!connection) continue;
      await this.#serve(connection, running.image, signal);
      this.#endedAt = this.#parts.overlay.edit;
      // What runs there now is not known until the way in is open again.
      if (!signal.aborted && this.#parts.overlay.edit > this.#imageEdit)
        this.#updater.report('connecting', this.#imageEdit);
    }
  }

  /** Undefined when the container ended, or the loop did. */
  async #connect(signal: AbortSignal): Promise<LiveContainer | 'unavailable' | undefined> {
    const { outside, clock, store } = this.#parts;
    const since = clock.now();
    for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
      const container = this.#running();
      const { view } = this.#updater;
      if (!view || !container) return undefined;
      try {
        return await outside.live.connect(view, container.name, container.image, signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        if (error instanceof Fault && error.kind === 'usage') {
          store.dispatch({ type: 'update.unavailable', service: this.#service, problem: error.problem });
          return 'unavailable';
        }
        if (clock.now() - since > unreachableMs) this.#giveUp(error);
      }
      await clock.sleep(retryMs, signal);
    }
    return undefined;
  }

  /** Sends what the container lacks, and what comes, until it or the loop ends. */
  async #serve(connection: LiveContainer, image: string, signal: AbortSignal): Promise<void> {
    const { overlay } = this.#parts;
    // What another run of the container did not take this one may.
    this.#failed = -1;
    let isOpen = true;
    const closed = connection.closed.then(() => {
      isOpen = false;
      this.poke();
    });
    // What is being sent is not waited for.
    const end = () => connection.close();
    signal.addEventListener('abort', end, { once: true });
    const isServed = () => isOpen && !signal.aborted;
    let edit = this.#markedEdit(connection.mark);
    // Files of another devloop are in it, and nobody knows which: a new pod has the image's.
    if (edit === undefined) {
      const changed = this.#pulse.next();
      await this.#replacePod(signal);
      await changed;
    } else if (edit >= overlay.edit) {
      this.#updater.report('current', edit);
      await this.#updater.standBy(connection);
    }
    while (edit !== undefined && isServed()) {
      const changed = this.#pulse.next();
      const target = overlay.edit;
      if (overlay.image !== image || target <= Math.max(edit, this.#failed)) {
        await changed;
        continue;
      }
      try {
        await this.#updater.bring(connection, edit, target, this.#pulse, isServed);
        edit = target;
      } catch (error) {
        if (isServed()) this.#fail(error, edit, target);
      }
    }
    connection.close();
    await closed;
    signal.removeEventListener('abort', end);
  }

  #fail(error: unknown, edit: number, target: number): void {
    const problem = problemOf(error, `Edit ${target} did not get into pod ${this.#updater.view?.name}`);
    this.#failed = target;
    this.#updater.report('failed', edit, problem);
    if (error instanceof Fault && error.kind === 'usage') this.#refuse(problem.why, target);
  }

  #giveUp(error: unknown): void {
    const { overlay } = this.#parts;
    if (overlay.edit <= Math.max(this.#imageEdit, this.#failed)) return;
    this.#failed = overlay.edit;
    this.#refuse(whyOf(error), overlay.edit);
  }

  #refuse(why: string, edit: number): void {
    this.#parts.store.dispatch({ type: 'update.refused', service: this.#service, edit, why });
  }

  /** A container that Kubernetes makes wait after a crash does not wait for the edit that mends it. */
  async #heal(signal: AbortSignal): Promise<void> {
    const { overlay } = this.#parts;
    const { view } = this.#updater;
    if (!view || containerOf(view, overlay.image)?.reason !== 'CrashLoopBackOff') return;
    if (this.#endedAt < 0 || overlay.edit <= this.#endedAt) return;
    this.#endedAt = overlay.edit;
    await this.#replacePod(signal);
  }

  async #replacePod(signal: AbortSignal): Promise<void> {
    const { view } = this.#updater;
    const { outside, store } = this.#parts;
    if (!view) return;
    await outside.kubernetes.deletePod(view.namespace, view.name, signal).catch((error: unknown) => {
      const text = `Pod ${view.name} could not be replaced: ${whyOf(error)}`;
      if (!signal.aborted) store.dispatch({ type: 'notice', level: 'warning', text });
    });
  }

  /** The edit that this devloop left a mark of; undefined for the mark of another. */
  #markedEdit(mark: string | undefined): number | undefined {
    if (mark === undefined) return this.#imageEdit;
    const { session, edit } = readMark(mark);
    return session === this.#parts.session ? edit : undefined;
  }

  /** The container that runs the newest image, while it runs. */
  #running(): ContainerView | undefined {
    const { view } = this.#updater;
    const container = view && !view.deleting ? containerOf(view, this.#parts.overlay.image) : undefined;
    return container?.state === 'running' ? container : undefined;
  }

  get #imageEdit(): number {
    return this.#parts.store.getState().services[this.#service]?.image?.edit ?? 0;
  }
}

const containerOf = (view: PodView, image: string): ContainerView | undefined =>
  view.containers.find((container) => !container.init && container.image === image);
