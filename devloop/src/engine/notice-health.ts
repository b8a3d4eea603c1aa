import type { StampedEvent } from '../model/events.ts';
import { failureCause } from '../state/failure-cause.ts';
import { summarize } from '../state/service-summary.ts';
import type { LoopState, ServiceState } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** Reports `service.health` when a service turns bad or good again, and when another edit is the good one. */
export function noticeHealth(store: Store, signal: AbortSignal): void {
  /** Told, and not in the state yet: an event that is dispatched by a listener waits for those before it. */
  const underway = new Map<string, string>();
  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'service.health') underway.delete(event.service);
    const names = concerned(store.getState(), event);
    for (const name of names) {
      const state = store.getState();
      const service = state.services[name];
      if (service) tell(state, service, event.at);
    }
  });
  signal.addEventListener('abort', unsubscribe);

  function tell(state: LoopState, service: ServiceState, at: number): void {
    const { health, name } = service;
    const edit = service.live?.edit ?? 0;
    const cause = failureCause(state, service, at);
    if (!cause && summarize(state, service).phase !== 'ready') return;
    const isKnown = cause
      ? health?.status === 'failed' && health.cause === cause.sentence
      : health?.status === 'ready' && health.edit === edit;
    const told = { status: cause ? 'failed' : 'ready', cause: cause?.sentence ?? '', edit } as const;
    const key = JSON.stringify(told);
    if (underway.has(name) ? underway.get(name) === key : isKnown) return;
    underway.set(name, key);
    store.dispatch({ type: 'service.health', service: name, ...told });
  }
}

/** The services whose health an event may change; of most events that is one. */
function concerned(state: LoopState, event: StampedEvent): readonly string[] {
  switch (event.type) {
    case 'pod.changed':
      return [event.pod.service];
    case 'workload.changed':
      return [event.workload.service];
    // They come by the second, and those of a ready pod say nothing new.
    case 'probe.result':
      return state.pods[event.result.uid]?.view.ready ? [] : [event.result.service];
    case 'kubernetes.event':
      return [event.event.service];
    case 'pod.removed':
    case 'pod.update':
    case 'build.failed':
    case 'update.failed':
    case 'container.crashed':
    case 'service.live':
      return [event.service];
    case 'deploy.succeeded':
    case 'deploy.failed':
      return Object.values(state.services)
        .filter(({ spec }) => spec?.release === event.release)
        .map(({ name }) => name);
    default:
      return [];
  }
}
