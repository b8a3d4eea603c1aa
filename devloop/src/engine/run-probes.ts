import type { Clock } from '../model/clock.ts';
import type { PodView, ProbeSpec } from '../model/pod.ts';
import type { Store } from '../state/store.ts';
import type { Kubernetes } from './outside.ts';
import { probeResult } from './probe-result.ts';

/** Runs each pod's own HTTP and TCP probes on their schedule and reports every result. */
export function runProbes(kubernetes: Kubernetes, clock: Clock, store: Store, signal: AbortSignal): void {
  const running = new Set<string>();

  const viewOf = (uid: string): PodView | undefined => store.getState().pods[uid]?.view;
  const containerOf = (uid: string, probe: ProbeSpec) =>
    viewOf(uid)?.containers.find((one) => one.name === probe.container);
  const runs = (uid: string, probe: ProbeSpec): boolean =>
    viewOf(uid)?.deleting === false && containerOf(uid, probe)?.state === 'running';

  function onPod(pod: PodView): void {
    for (const probe of pod.probes) {
      const key = `${pod.uid}/${probe.container}/${probe.kind}`;
      if (running.has(key) || !runs(pod.uid, probe)) continue;
      running.add(key);
      void repeat(pod, probe).finally(() => running.delete(key));
    }
  }

  async function repeat(pod: PodView, probe: ProbeSpec): Promise<void> {
    await clock.sleep(probe.initialDelay, signal);
    while (!signal.aborted && runs(pod.uid, probe)) {
      // The startup probe is over once the container has started, as for the kubelet.
      if (probe.kind === 'startup' && viewOf(pod.uid)?.ready) return;
      const at = clock.now();
      const answer = await kubernetes.probe(pod, probe, 'address', signal);
      if (signal.aborted || !runs(pod.uid, probe)) return;
      store.dispatch({ type: 'probe.result', result: probeResult(pod, probe, at, clock.now(), answer) });
      await clock.sleep(probe.period, signal);
    }
  }

  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'pod.changed') onPod(event.pod);
  });
  signal.addEventListener('abort', unsubscribe);
}
