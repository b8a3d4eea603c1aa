import type { Clock } from '../model/clock.ts';
import type { Problem } from '../model/errors.ts';
import { type ServiceSummary, summarizeAll } from '../state/service-summary.ts';
import type { LoopState } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/**
 * A failing pod has this long to come round: a first crash while a database starts is no verdict, and the kubelet looks
 * for a Secret that was missing again only after 10 to 15 s.
 */
const graceMs = 20_000;

/**
 * Resolves when every service is ready (to nothing), or when one has failed for good, or the time is over (to the
 * problem).
 * @param timeout milliseconds
 */
export function waitUntilSettled(
  store: Store,
  clock: Clock,
  timeout: number,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  return new Promise((resolve) => {
    let cancelGrace: (() => void) | undefined;
    const cancelTimeout = clock.after(timeout, () => end(timeoutProblem(store.getState(), timeout)));
    const unsubscribe = store.subscribe(check);
    signal.addEventListener('abort', () => end(undefined));

    function end(problem: Problem | undefined): void {
      unsubscribe();
      cancelTimeout();
      cancelGrace?.();
      resolve(problem);
    }

    function check(): void {
      const state = store.getState();
      if (state.status !== 'running') return;
      const summaries = summarizeAll(state);
      const failed = summaries.find((summary) => summary.phase === 'failed');
      const unworkable = summaries.find((summary) => summary.phase === 'failed' && workFailed(state, summary.name));
      if (unworkable) end(problemOfService(unworkable));
      else if (failed) cancelGrace ??= clock.after(graceMs, judge);
      else if (summaries.every((summary) => summary.phase === 'ready') && allLive(state)) end(undefined);
    }

    // A crash loop is `starting` in between: what counts is how it stands when its time is over.
    function judge(): void {
      cancelGrace = undefined;
      const failed = summarizeAll(store.getState()).find((summary) => summary.phase === 'failed');
      if (failed) end(problemOfService(failed));
    }
  });
}

/** A build or deploy that failed is not tried again without an edit. */
function workFailed(state: LoopState, name: string): boolean {
  const service = state.services[name];
  const release = state.releases[service?.spec?.release ?? ''];
  return service?.build.status === 'failed' || release?.deploy.status === 'failed';
}

const allLive = (state: LoopState): boolean =>
  Object.values(state.services).every((service) => !service.spec?.image || service.live !== undefined);

const problemOfService = (summary: ServiceSummary): Problem =>
  summary.problem ?? { title: `Service ${summary.name} failed`, why: summary.reason };

function timeoutProblem(state: LoopState, timeout: number): Problem {
  const waiting = summarizeAll(state).filter((summary) => summary.phase !== 'ready');
  return {
    title: `Not healthy within ${Math.round(timeout / 1000)} s`,
    why:
      waiting.map((summary) => `${summary.name} is ${summary.phase}: ${summary.reason}`).join('; ') ||
      'nothing was reported',
    fix: 'Give it more time with --timeout SECONDS, or look with `devloop status` and `devloop logs`.',
  };
}
