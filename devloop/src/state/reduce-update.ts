import type { Problem } from '../model/errors.ts';
import type { StampedEvent } from '../model/events.ts';
import type { PodUpdate } from '../model/operation.ts';
import type { LoopState, ServiceState, UpdatedPods } from './state.ts';
import { withNotice, withPod, withRelease, withService } from './update.ts';

type Of<T extends StampedEvent['type']> = Extract<StampedEvent, { type: T }>;
type UpdateEvent = Of<`update.${string}` & StampedEvent['type']>;

export function onUpdateEvent(state: LoopState, event: UpdateEvent): LoopState {
  const service = state.services[event.service];
  if (!service) return state;
  const changed = withService(state, { ...service, ...changeOf(service, event) });
  const { at } = event;
  if (event.type === 'update.prepared') return withAnotherTry(changed, service);
  if (event.type === 'update.refused') {
    // It stays to be read when the build is over.
    const text = `${event.service}: edit ${event.edit} takes a new image: ${event.why}`;
    return withNotice(changed, { at, level: 'info', text });
  }
  if (event.type !== 'update.unavailable' || service.liveProblem?.why === event.problem.why) return changed;
  return withNotice(changed, { at, level: 'warning', text: problemText(event.problem) });
}

/** A deploy that has failed is tried again with the next change, also with one that changes nothing of what is deployed. */
function withAnotherTry(state: LoopState, { spec }: ServiceState): LoopState {
  const release = state.releases[spec?.release ?? ''];
  if (release?.deploy.status !== 'failed') return state;
  const { attempted: _, ...rest } = release;
  return withRelease(state, rest);
}

function changeOf(service: ServiceState, event: UpdateEvent): Partial<ServiceState> {
  switch (event.type) {
    case 'update.started':
      return { update: { status: 'running', edit: event.edit, startedAt: event.at } };
    case 'update.prepared':
      return {
        update: { status: 'prepared', edit: event.edit },
        updated: {
          edit: event.edit,
          image: event.image,
          times: { changed: service.editChangedAt, seen: service.editSeenAt, prepared: event.at },
        },
      };
    case 'update.refused':
      return {
        update: { status: 'refused', edit: event.edit },
        buildEdit: Math.max(service.buildEdit, event.edit),
        buildWhy: event.why,
      };
    case 'update.failed':
      return { update: { status: 'failed', edit: event.edit, at: event.at, problem: event.problem } };
    case 'update.unavailable': {
      const isBehind = service.image !== undefined && service.edit > service.image.edit;
      return {
        liveProblem: event.problem,
        ...(isBehind && { buildEdit: service.edit, buildWhy: event.problem.why }),
      };
    }
    default:
      return event satisfies never;
  }
}

export function onPodUpdate(state: LoopState, { service: name, uid, update, at }: Of<'pod.update'>): LoopState {
  const pod = state.pods[uid];
  const service = state.services[name];
  if (!pod || !service) return state;
  const { updated } = service;
  const { problem } = update;
  const told = problem ? withNotice(state, { at, level: 'warning', text: problemText(problem) }) : state;
  const withUpdate = withPod(told, { ...pod, update });
  // A way in has been found after all.
  const changed = service.liveProblem ? withService(withUpdate, { ...service, liveProblem: undefined }) : withUpdate;
  if (!updated || updated.times.sent !== undefined || !hasArrived(update, updated)) return changed;
  return withService(changed, {
    ...service,
    liveProblem: undefined,
    updated: { ...updated, times: { ...updated.times, sent: at } },
  });
}

const problemText = ({ title, why, fix }: Problem): string => `${title}: ${why}${fix ? ` → ${fix}` : ''}`;

/** Has the pod got all files of the newest edit? A program that is started anew has them. */
const hasArrived = ({ status, edit }: PodUpdate, updated: UpdatedPods): boolean =>
  status === 'restarting' || (status === 'current' && edit >= updated.edit);
