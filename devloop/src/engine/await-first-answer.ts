import type { Clock } from '../model/clock.ts';
import type { PodView, ProbeSpec } from '../model/pod.ts';
import type { Store } from '../state/store.ts';
import type { Kubernetes } from './outside.ts';
import { probeResult } from './probe-result.ts';

/** How long after its container was started a pod is asked how often, in milliseconds. */
const eagerness = [
  { until: 2000, every: 50 },
  { until: 5000, every: 100 },
  { until: 60_000, every: 300 },
] as const;

/**
 * Asks a pod that has just started its readiness probe again and again, the way that the forwards go, until it first
 * passes: so it gets its connections as soon as it answers. Kubernetes itself tells that a container runs up to a
 * second later than the kubelet's event says that it was started, and asks the probe once a period.
 */
export function awaitFirstAnswer(kubernetes: Kubernetes, clock: Clock, store: Store, signal: AbortSignal): void {
  const asked = new Set<string>();

  const viewOf = (uid: string): PodView | undefined => store.getState().pods[uid]?.view;

  function onStarted(pod: PodView | undefined): void {
    if (!pod || pod.ready || pod.deleting || asked.has(pod.uid)) return;
    asked.add(pod.uid);
    for (const probe of pod.probes) {
      if (probe.kind === 'readiness' && probe.action.type === 'http') void ask(pod, probe);
    }
  }

  async function ask(pod: PodView, probe: ProbeSpec): Promise<void> {
    const since = clock.now();
    for (const { until, every } of eagerness) {
      while (clock.now() - since < until) {
        const view = viewOf(pod.uid);
        if (signal.aborted || !view || view.ready || view.deleting) return;
        const at = clock.now();
        const answer = await kubernetes.probe(pod, probe, 'forward', signal);
        // Failures are left to the probe's own schedule: this one is asked far more often than it declares.
        if (answer.ok) {
          store.dispatch({ type: 'probe.result', result: probeResult(pod, probe, at, clock.now(), answer) });
          return;
        }
        await clock.sleep(every, signal);
      }
    }
  }

  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'pod.changed' && event.pod.containers.some(({ state, init }) => state === 'running' && !init)) {
      onStarted(event.pod);
    } else if (
      event.type === 'kubernetes.event' &&
      event.event.reason === 'Started' &&
      event.event.object.kind === 'Pod'
    ) {
      onStarted(Object.values(store.getState().pods).find(({ view }) => view.name === event.event.object.name)?.view);
    }
  });
  signal.addEventListener('abort', unsubscribe);
}
