import { systemClock } from '../../adapters/clock/system-clock.ts';
import { startExecutor } from '../../engine/executor.ts';
import type { LoopState } from '../../state/state.ts';
import { interruptSignal } from '../interrupt.ts';
import { type CommonOptions, wantsColor } from '../options.ts';
import { type Session, withSession } from '../session.ts';
import { printLoop } from '../show-loop.ts';

/** `devloop build`: the images of the services, once; what the daemon has already is not built again. */
export function build(services: readonly string[], options: CommonOptions): Promise<number> {
  return withSession(options, services, { docker: true, sandbox: 'change' }, (session) => buildAll(session, options));
}

async function buildAll(session: Session, options: CommonOptions): Promise<number> {
  const { project, target, store } = session;
  const interrupt = interruptSignal();
  await printLoop(store, 'plain', { color: wantsColor(options), verbose: options.verbose ?? false });
  // Without releases there is nothing to deploy: the loop's own plan and executor do the one phase.
  const building = { ...project, releases: [], services: project.services.filter((service) => service.active) };
  store.dispatch({
    type: 'loop.started',
    project: building,
    cluster: { context: target.context, kind: target.kind, why: target.why },
  });
  const executor = startExecutor(session.outside, systemClock, store, { prepare: noLiveUpdates, takeBack: () => {} });
  try {
    await allBuilt(session, interrupt.signal);
    return (
      interrupt.code() ??
      (Object.values(store.getState().services).some(({ build: { status } }) => status === 'failed') ? 1 : 0)
    );
  } finally {
    await executor.stop();
    interrupt.stop();
  }
}

/** Nothing is watched, so that there are no edits. */
const noLiveUpdates = async () => {};

function allBuilt({ store }: Session, signal: AbortSignal): Promise<void> {
  const done = (state: LoopState) =>
    Object.values(state.services).every(
      ({ spec, build: { status } }) => !spec?.image || status === 'succeeded' || status === 'failed',
    );
  return new Promise((resolve) => {
    const check = () => {
      if (!done(store.getState()) && !signal.aborted) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = store.subscribe(check);
    signal.addEventListener('abort', check);
    check();
  });
}
