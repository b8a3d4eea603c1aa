import type { EditTiming, StampedEvent } from '../model/events.ts';
import { imageReference } from '../model/operation.ts';
import { podsOf } from '../state/of-service.ts';
import { answers, isCurrent } from '../state/service-pods.ts';
import type { ServiceState } from '../state/state.ts';
import type { Store } from '../state/store.ts';

const watched: ReadonlySet<StampedEvent['type']> = new Set([
  'pod.changed',
  'probe.result',
  'deploy.succeeded',
  'pod.update',
]);

/** Reports `service.live` when a pod that runs a service's newest deployed edit answers for the first time. */
export function noticeLive(store: Store, signal: AbortSignal): void {
  const unsubscribe = store.subscribe((event) => {
    if (!watched.has(event.type)) return;
    const state = store.getState();
    for (const service of Object.values(state.services)) {
      const newest = newestOf(service);
      if (!newest || (service.live && service.live.edit >= newest.edit)) continue;
      if (podsOf(state, service.name).some((pod) => isCurrent(pod, service) && answers(pod))) {
        const ms = timingOf(newest, event.at);
        store.dispatch({ type: 'service.live', service: service.name, edit: newest.edit, ms });
      }
    }
  });
  signal.addEventListener('abort', unsubscribe);
}

/** When the parts of an edit's way ended: it was saved, seen, built (or bundled), and brought to the pods. */
interface Way {
  readonly edit: number;
  readonly changed: number;
  readonly seen: number;
  readonly built: number;
  readonly brought: number;
}

/** The newest edit that the pods have been given: a live update of the deployed image, else that image. */
function newestOf({ deployed, deployedAt = 0, editChangedAt, updated }: ServiceState): Way | undefined {
  if (!deployed) return undefined;
  if (updated && updated.edit > deployed.edit && updated.image === imageReference(deployed)) {
    const { prepared, sent = prepared, ...times } = updated.times;
    return { edit: updated.edit, ...times, built: prepared, brought: sent };
  }
  const unknown = { changed: editChangedAt, seen: editChangedAt, built: editChangedAt };
  return { edit: deployed.edit, ...(deployed.times ?? unknown), brought: deployedAt };
}

/** The parts of the way from the save to the answer; each begins where the one before it ended. */
function timingOf({ changed, seen, built, brought }: Way, at: number): EditTiming {
  const part = (from: number, to: number) => Math.max(0, to - from);
  return {
    watch: part(changed, seen),
    build: part(seen, built),
    deploy: part(built, brought),
    ready: part(brought, at),
    total: part(changed, at),
  };
}
