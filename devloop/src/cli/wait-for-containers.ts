import type { Clock } from '../model/clock.ts';
import type { ContainerView } from '../model/pod.ts';
import { podsOf } from '../state/of-service.ts';
import type { LoopState } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** Kubernetes says of a container that it runs up to seconds after it does. Milliseconds. */
const longestMs = 15_000;

/** Resolves when none of these services' pods has a container that is being made, after a while, or on abort. */
export function waitForContainers(
  store: Store,
  clock: Clock,
  services: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const cancelTimeout = clock.after(longestMs, end);
    const unsubscribe = store.subscribe(check);
    signal.addEventListener('abort', end, { once: true });
    check();

    function end(): void {
      unsubscribe();
      cancelTimeout();
      signal.removeEventListener('abort', end);
      resolve();
    }

    function check(): void {
      const state = store.getState();
      if (signal.aborted || !services.some((service) => hasContainerInTheMaking(state, service))) end();
    }
  });
}

const hasContainerInTheMaking = (state: LoopState, service: string): boolean =>
  podsOf(state, service).some(({ view }) => !view.deleting && view.containers.some(isInTheMaking));

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states: the reasons of the kubelet's own. */
const isInTheMaking = ({ init, state, reason }: ContainerView): boolean =>
  !init && state === 'waiting' && (reason === undefined || ['ContainerCreating', 'PodInitializing'].includes(reason));
