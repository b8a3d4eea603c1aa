import { isoTime } from '../lib/time-text.ts';
import type { Clock } from '../model/clock.ts';
import { whyOf } from '../model/errors.ts';
import type { StampedEvent } from '../model/events.ts';
import type { LoopIntents } from '../model/intents.ts';
import { imageReference } from '../model/operation.ts';
import { workloadsOf } from '../state/of-service.ts';
import { rollbackTarget } from '../state/rollback-target.ts';
import type { ServiceState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { Kubernetes } from './outside.ts';

/**
 * What the user can ask of a loop. Most is only an event: the plan sees it in the state, and does it when it can.
 * @param signal ends the listening and the requests under way
 */
export function createLoopIntents(
  kubernetes: Pick<Kubernetes, 'restart'>,
  clock: Clock,
  store: Store,
  signal: AbortSignal,
): LoopIntents {
  const { dispatch, getState } = store;
  const tell = (text: string, level: 'info' | 'warning' = 'info') => dispatch({ type: 'notice', level, text });
  const refuse = (text: string) => tell(text, 'warning');

  /** The service, where it is one that devloop may work on now. */
  function workable(name: string, what: string): ServiceState | undefined {
    const state = getState();
    const service = state.services[name];
    if (state.status !== 'running') refuse(`${name} cannot be ${what}: the loop does not run`);
    else if (!service) refuse(`${name} cannot be ${what}: there is no such service`);
    else return service;
    return undefined;
  }

  async function restart(name: string): Promise<void> {
    const state = getState();
    const workloads = workloadsOf(state, name);
    const { namespace } = state.project ?? {};
    if (workloads.length === 0 || namespace === undefined) {
      refuse(`${name} cannot be restarted: no workload of it is in the cluster`);
      return;
    }
    try {
      for (const workload of workloads) await kubernetes.restart(namespace, workload, isoTime(clock.now()), signal);
      tell(`${name}: new pods are started for ${workloads.map(({ kind, name: own }) => `${kind} ${own}`).join(', ')}`);
    } catch (error) {
      if (!signal.aborted) refuse(`${name} could not be restarted: ${whyOf(error)}`);
    }
  }

  /** Another image under the tag that the pods were made with rolls nothing by itself. */
  function onRebuilt({ service: name, image, unchanged }: Extract<StampedEvent, { type: 'build.succeeded' }>): void {
    const { deployed } = getState().services[name] ?? {};
    if (unchanged === undefined || !deployed || imageReference(deployed) !== imageReference(image)) return;
    if (unchanged) tell(`${name}: the build made the same image, so its pods stay`);
    else void restart(name);
  }

  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'build.succeeded') onRebuilt(event);
  });
  signal.addEventListener('abort', unsubscribe, { once: true });

  return {
    rebuild: (name) => {
      const service = workable(name, 'rebuilt');
      if (!service) return;
      if (!service.spec?.image) refuse(`${name} cannot be rebuilt: devloop does not build its image`);
      else if (!service.spec.active) refuse(`${name} cannot be rebuilt: it is not active`);
      else dispatch({ type: 'rebuild.asked', service: name });
    },
    restart: (name) => {
      if (workable(name, 'restarted')) void restart(name);
    },
    pause: () => {
      if (!getState().paused) dispatch({ type: 'watch.paused', files: 0 });
    },
    resume: () => {
      const { paused } = getState();
      if (paused) dispatch({ type: 'watch.resumed', files: paused.files });
    },
    rollback: (name) => {
      if (!workable(name, 'rolled back')) return;
      if (rollbackTarget(getState(), name)) dispatch({ type: 'rollback.asked', service: name });
      else refuse(`${name} cannot be rolled back: no older revision has been ready since devloop was started`);
    },
    setActive: (name, active) => {
      const service = workable(name, active ? 'activated' : 'deactivated');
      if (!service) return;
      if (!service.spec) refuse(`${name} is not in the configuration: devloop only watches it`);
      else if (service.spec.active !== active) dispatch({ type: 'service.toggled', service: name, active });
    },
  };
}
