import { remember } from '../lib/remember.ts';
import type { KubeEventView } from '../model/pod.ts';
import { podsOf } from './of-service.ts';
import type { LoopState, ServiceState } from './state.ts';

/**
 * The services that have failed, or got a warning from Kubernetes, since the user last looked at them.
 * @param seenAt when that was, by service, epoch milliseconds; of one that is not in it, when the loop began
 */
export function unreadProblems(state: LoopState, seenAt: ReadonlyMap<string, number>): ReadonlySet<string> {
  const unread = new Set<string>();
  for (const [name, at] of lastProblems(state)) if (at > (seenAt.get(name) ?? state.startedAt ?? 0)) unread.add(name);
  return unread;
}

/** When each service's newest problem came up; services without one are left out. */
const lastProblems = remember((state: LoopState): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const service of Object.values(state.services)) {
    const at = Math.max(ownProblem(service), releaseProblem(state, service), lastCrash(state, service));
    if (at > 0) found.set(service.name, at);
  }
  return found;
});

const ownProblem = remember(({ build, update, events }: ServiceState): number => {
  const warnings = events.filter((event) => event.type === 'Warning' && !isOfUsualStart(event));
  return Math.max(
    build.status === 'failed' ? build.endedAt : 0,
    update.status === 'failed' ? update.at : 0,
    ...warnings.map(({ at }) => at),
  );
});

function releaseProblem(state: LoopState, { spec }: ServiceState): number {
  const deploy = spec && state.releases[spec.release]?.deploy;
  return deploy?.status === 'failed' ? deploy.endedAt : 0;
}

const lastCrash = (state: LoopState, { name }: ServiceState): number =>
  Math.max(0, ...podsOf(state, name).map(({ crash }) => crash?.at ?? 0));

/**
 * No start of a pod is without failures of its probes, which their strip shows, and none with a volume of its own without
 * the scheduler's complaint that there is none yet.
 */
const isOfUsualStart = ({ reason, message }: KubeEventView): boolean =>
  reason === 'Unhealthy' || /unbound immediate PersistentVolumeClaims/.test(message);
