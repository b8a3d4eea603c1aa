import type { EditTiming, StampedEvent } from '../model/events.ts';
import { podsOf } from '../state/of-service.ts';
import { answers, isCurrent } from '../state/service-pods.ts';
import type { ServiceState } from '../state/state.ts';
import type { Store } from '../state/store.ts';

const watched: ReadonlySet<StampedEvent['type']> = new Set(['pod.changed', 'probe.result', 'deploy.succeeded']);

/** Reports `service.live` when a pod that runs a service's newest deployed edit answers for the first time. */
export function noticeLive(store: Store, signal: AbortSignal): void {
  const unsubscribe = store.subscribe((event) => {
    if (!watched.has(event.type)) return;
    const state = store.getState();
    for (const service of Object.values(state.services)) {
      const { deployed, live, name } = service;
      if (!deployed || (live && live.edit >= deployed.edit)) continue;
      if (podsOf(state, name).some((pod) => isCurrent(pod, service) && answers(pod))) {
        store.dispatch({ type: 'service.live', service: name, edit: deployed.edit, ms: timingOf(service, event.at) });
      }
    }
  });
  signal.addEventListener('abort', unsubscribe);
}

/** The parts of the way from the save to the answer; each begins where the one before it ended. */
function timingOf({ deployed, deployedAt = 0, editChangedAt }: ServiceState, at: number): EditTiming {
  const { changed, seen, built } = deployed?.times ?? {
    changed: editChangedAt,
    seen: editChangedAt,
    built: editChangedAt,
  };
  const part = (from: number, to: number) => Math.max(0, to - from);
  return {
    watch: part(changed, seen),
    build: part(seen, built),
    deploy: part(built, deployedAt),
    ready: part(deployedAt, at),
    total: part(changed, at),
  };
}
