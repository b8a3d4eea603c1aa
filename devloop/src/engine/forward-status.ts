import { sanitizeLine } from '../lib/sanitize.ts';
import type { Clock } from '../model/clock.ts';
import type { ForwardView } from '../model/operation.ts';
import type { PortSpec } from '../model/project.ts';
import { targetPod } from '../state/service-pods.ts';
import type { PodState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { Kubernetes } from './outside.ts';
import { checkPort } from './port-check.ts';
import type { RefusingPods } from './refusing-pods.ts';
import { mayChangeTarget } from './target-changes.ts';

/** A pod that refuses is checked so often while no client tries it. Milliseconds. */
const recheckMs = 1000;

/**
 * What the screen is told of a forward: `ready` while there is a pod for its connections, `held` with the reason while
 * there is none, or while it goes on refusing. Such a pod is checked each second until it takes a connection.
 */
export class ForwardStatus {
  readonly #port: PortSpec;
  readonly #service: string;
  readonly #kubernetes: Kubernetes;
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #refusing: RefusingPods;
  readonly #closing: AbortSignal;
  #shown: ForwardView | undefined;
  /** The pod that goes on refusing connections, and why. */
  #refuser: { readonly uid: string; readonly why: string } | undefined;

  constructor(
    port: PortSpec,
    service: string,
    kubernetes: Kubernetes,
    clock: Clock,
    store: Store,
    refusing: RefusingPods,
    closing: AbortSignal,
  ) {
    this.#port = port;
    this.#service = service;
    this.#kubernetes = kubernetes;
    this.#clock = clock;
    this.#store = store;
    this.#refusing = refusing;
    this.#closing = closing;
    const unsubscribe = store.subscribe((event) => {
      if (mayChangeTarget(event, service)) this.#show();
    });
    closing.addEventListener('abort', unsubscribe, { once: true });
    this.#show();
  }

  /** Why the pod goes on refusing, where it does. */
  get why(): string | undefined {
    return this.#refuser?.why;
  }

  /** What has come of the last try of a pod. @param why it was refused */
  tried({ view: { uid, name } }: PodState, why: string | undefined): void {
    if (this.#closing.aborted) return;
    if (why === undefined) {
      if (this.#refuser?.uid !== uid) return;
      this.#refuser = undefined;
    } else {
      if (!this.#refusing.isRefusing(uid)) return;
      const isNew = this.#refuser?.uid !== uid;
      const { remote } = this.#port;
      const nobody = /connection refused/i.test(why) ? `nothing listens on port ${remote} of ${name}` : undefined;
      this.#refuser = { uid, why: nobody ?? `${name} cannot be reached: ${sanitizeLine(why)}` };
      if (isNew) void this.#recheck(uid);
    }
    this.#show();
  }

  #show(): void {
    const pod = targetPod(this.#store.getState(), this.#service);
    const refusal = pod && this.#refuser?.uid === pod.view.uid ? this.#refuser.why : undefined;
    const status = pod && refusal === undefined ? 'ready' : 'held';
    const view: ForwardView = {
      service: this.#service,
      ...this.#port,
      status,
      ...(pod && { pod: pod.view.name }),
      ...(refusal !== undefined && { why: refusal }),
    };
    const shown = this.#shown;
    if (shown?.status === view.status && shown.pod === view.pod && shown.why === view.why) return;
    this.#shown = view;
    this.#store.dispatch({ type: 'forward.changed', forward: view });
  }

  /** Without a client nobody would find out that the pod takes connections by now. */
  async #recheck(uid: string): Promise<void> {
    for (;;) {
      await this.#clock.sleep(recheckMs, this.#closing);
      const pod = targetPod(this.#store.getState(), this.#service);
      if (this.#closing.aborted || this.#refuser?.uid !== uid) return;
      if (pod?.view.uid !== uid) {
        this.#refuser = undefined;
        return;
      }
      if (this.#refusing.turn(uid)) continue;
      await this.#refusing.try(uid, async (accepted) => {
        const why = await checkPort(this.#kubernetes, this.#clock, pod.view, this.#port.remote);
        if (why === undefined) accepted();
        this.tried(pod, why);
        return why !== undefined;
      });
    }
  }
}
