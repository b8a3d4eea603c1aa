import type { StampedEvent } from '../model/events.ts';
import { failureCause } from '../state/failure-cause.ts';
import { summarize } from '../state/service-summary.ts';
import type { LoopState, ServiceState } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** Reports `service.health` when a service turns bad or good again, and when another edit is the good one. */
export function noticeHealth(store: Store, signal: AbortSignal): void {
  const unsubscribe = store.subscribe((event) => {
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
    if (cause) {
      if (health?.status === 'failed' && health.cause === cause.sentence) return;
      store.dispatch({ type: 'service.health', service: name, status: 'failed', cause: cause.sentence, edit });
    } else if (summarize(state, service).phase === 'ready') {
      if (health?.status === 'ready' && health.edit === edit) return;
      store.dispatch({ type: 'service.health', service: name, status: 'ready', cause: '', edit });
    }
  }
}

/** The services whose health an event may change; of most events that is one. */
function concerned(state: LoopState, event: StampedEvent): readonly string[] {
  switch (event.type) {
    case 'pod.changed':
      return [event.pod.service];
    case 'workload.changed':
      return [event.workload.service];
    case 'probe.result':
      return [event.result.service];
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
