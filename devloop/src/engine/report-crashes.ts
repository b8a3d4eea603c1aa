import type { ContainerView, PodView } from '../model/pod.ts';
import type { Store } from '../state/store.ts';
import { containerNow } from './container-run.ts';
import type { Kubernetes } from './outside.ts';

const crashLines = 20;

/** Tells of each run of a container that ended badly, once, with its last lines. */
export function reportCrashes(
  kubernetes: Kubernetes,
  store: Store,
  signal: AbortSignal,
): (pod: PodView, container: ContainerView) => Promise<void> {
  const reported = new Set<string>();

  /** The end of a container's log. @param previous that of the run before */
  async function lastLines({ namespace, name }: PodView, container: string, previous: boolean): Promise<string[]> {
    const lines: string[] = [];
    const request = { namespace, pod: name, container, tail: crashLines, previous };
    await kubernetes
      .logs(request, (_, text) => lines.push(text), signal)
      .catch(() => lines.push('(its log could not be read)'));
    return lines;
  }

  return async (pod, container) => {
    const crash = crashOf(container);
    if (!crash || (pod.deleting && crash.exitCode !== 1)) return;
    const key = `${pod.uid}/${container.name}/${crash.run}`;
    if (reported.has(key)) return;
    reported.add(key);
    let lines = await lastLines(pod, container.name, crash.previous);
    // It was started again meanwhile: what came may be the new run's.
    const now = containerNow(store.getState(), { pod, container: container.name, restarts: crash.run });
    if (!crash.previous && (now?.restarts ?? 0) > crash.run) lines = await lastLines(pod, container.name, true);
    if (signal.aborted) return;
    const { exitCode, reason } = crash;
    store.dispatch({
      type: 'container.crashed',
      service: pod.service,
      uid: pod.uid,
      pod: pod.name,
      container: container.name,
      exitCode,
      reason,
      lines,
    });
  };
}

/** The last bad end of a container that ended before the loop began is told too: it is why the pod is not well. */
function crashOf(container: ContainerView) {
  if (container.state === 'terminated' && container.exitCode !== undefined && container.exitCode !== 0) {
    return {
      exitCode: container.exitCode,
      reason: container.reason ?? 'Error',
      run: container.restarts,
      previous: false,
    };
  }
  if (container.last && container.last.exitCode !== 0 && !container.ready) {
    // While it waits to be started again, the run that ended is still its latest.
    const waits = container.state === 'waiting';
    return { ...container.last, run: waits ? container.restarts : container.restarts - 1, previous: !waits };
  }
  return undefined;
}
