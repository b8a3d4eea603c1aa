import type { Clock } from '../model/clock.ts';
import { whyOf } from '../model/errors.ts';
import type { PodUsage } from '../model/pod-usage.ts';
import type { LoopState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { usageKept } from '../state/usage.ts';
import type { Kubernetes } from './outside.ts';
import { SteadyUsage } from './steady-usage.ts';

const pollMs = 5000;
/** A node that tells nothing is asked less often, twice as long after each time, up to this. */
const longestMs = 60_000;

interface Refusal {
  readonly why: string;
  readonly times: number;
  /** When it may be asked again. */
  readonly until: number;
}

/**
 * Asks the nodes every few seconds what the releases' pods use, as long as one runs. What stays the same is told as
 * often as the screen's graphs have samples, and then no more: an idle loop is silent.
 */
export function followStats(kubernetes: Kubernetes, clock: Clock, store: Store, signal: AbortSignal): void {
  const figures = new SteadyUsage();
  const refusals = new Map<string, Refusal>();
  let isPolling = false;
  let told = { text: '', times: 0 };

  async function poll(): Promise<void> {
    while (!signal.aborted) {
      const nodes = nodesWithPods(store.getState());
      if (nodes.length === 0) return;
      const found = await Promise.all(nodes.map(ask));
      if (signal.aborted) return;
      tell(found.flat());
      await clock.sleep(pollMs, signal);
    }
  }

  async function ask(node: string): Promise<readonly PodUsage[]> {
    const refusal = refusals.get(node);
    if (refusal && clock.now() < refusal.until) return [];
    try {
      const readings = await kubernetes.podReadings(node, signal);
      refusals.delete(node);
      const { pods } = store.getState();
      return readings.filter(({ uid }) => pods[uid]).map((reading) => figures.next(reading));
    } catch (error) {
      const times = (refusal?.times ?? 0) + 1;
      const wait = Math.min(pollMs * 2 ** times, longestMs);
      refusals.set(node, { why: whyOf(error), times, until: clock.now() + wait });
      return [];
    }
  }

  function tell(pods: readonly PodUsage[]): void {
    figures.keep(new Set(pods.map(({ uid }) => uid)));
    const unavailable = Object.fromEntries([...refusals].map(([node, { why }]) => [node, why]));
    const text = JSON.stringify([pods, unavailable]);
    told = { text, times: text === told.text ? told.times + 1 : 1 };
    // Without figures there is no graph that time moves.
    if (told.times <= (pods.length > 0 ? usageKept : 1)) store.dispatch({ type: 'pods.stats', pods, unavailable });
  }

  const unsubscribe = store.subscribe((event) => {
    if (event.type !== 'pod.changed' || isPolling || nodesWithPods(store.getState()).length === 0) return;
    isPolling = true;
    void poll().finally(() => {
      isPolling = false;
    });
  });
  signal.addEventListener('abort', unsubscribe);
}

/** The nodes on which containers of the releases run. */
function nodesWithPods({ pods }: LoopState): string[] {
  const running = Object.values(pods).flatMap(({ view: { node, containers } }) =>
    node !== undefined && containers.some(({ state }) => state === 'running') ? [node] : [],
  );
  return [...new Set(running)].sort();
}
