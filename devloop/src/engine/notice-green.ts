import type { StampedEvent } from '../model/events.ts';
import { deployInputs } from '../state/deploy-inputs.ts';
import { workloadsOf } from '../state/of-service.ts';
import { deployedNow, isSameContent } from '../state/rollback-target.ts';
import { summarize } from '../state/service-summary.ts';
import type { LoopState, ReleaseState } from '../state/state.ts';
import type { Store } from '../state/store.ts';

const watched: ReadonlySet<StampedEvent['type']> = new Set([
  'deploy.succeeded',
  'pod.changed',
  'pod.removed',
  'pod.update',
  'workload.changed',
  'service.live',
]);

/** Reports `release.green` when all services of a release are ready with what was deployed: a rollback goes there. */
export function noticeGreen(store: Store, signal: AbortSignal): void {
  /** Told, and not in the state yet. */
  const underway = new Set<string>();
  /** Releases of which nothing has changed since they were seen to be green: pods change by the thousand. */
  const settled = new WeakSet<ReleaseState>();
  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'release.green') underway.delete(event.release);
    if (!watched.has(event.type)) return;
    const state = store.getState();
    for (const release of Object.values(state.releases)) {
      if (settled.has(release)) continue;
      const now = release.deploy.status === 'succeeded' ? deployedNow(state, release) : undefined;
      const newest = release.greens?.at(-1);
      if (!now) continue;
      if (newest?.revision === now.revision && isSameContent(newest, now)) {
        settled.add(release);
        continue;
      }
      if (underway.has(release.name) || !isGreen(state, release)) continue;
      underway.add(release.name);
      store.dispatch({ type: 'release.green', release: release.name, green: now });
    }
  });
  signal.addEventListener('abort', unsubscribe);
}

function isGreen(state: LoopState, release: ReleaseState): boolean {
  if (release.attempted !== deployInputs(state, release.name)) return false;
  const services = Object.values(state.services).filter(({ spec, name }) =>
    spec ? spec.release === release.name : workloadsOf(state, name).some((one) => one.release === release.name),
  );
  return services.length > 0 && services.every((service) => summarize(state, service).phase === 'ready');
}
