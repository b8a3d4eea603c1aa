import { systemClock } from '../adapters/clock/system-clock.ts';
import { listenOnLoopback } from '../adapters/loopback/listen.ts';
import { bindPorts } from '../engine/forwards.ts';
import { runLoop } from '../engine/loop.ts';
import type { Intents, LoopIntents, MachineIntents } from '../model/intents.ts';
import { formatProblem } from '../plain/print-problem.ts';
import type { Store } from '../state/store.ts';
import type { Interrupt } from './interrupt.ts';
import { limitNewSpace } from './limit-new-space.ts';
import { type UiChoice, type UpOptions, wantsColor } from './options.ts';
import { say } from './output.ts';
import type { SuspendDashboard } from './pod-shell.ts';
import { removeLeftovers } from './remove-leftovers.ts';
import { type Session, withSession } from './session.ts';
import { notifyChanges, sessionIntents } from './session-intents.ts';
import { printLoop, showStream } from './show-loop.ts';
import { waitUntilSettled } from './wait-until-settled.ts';

/** What `devloop up` has before it knows its project. */
export interface UpStart {
  readonly store: Store;
  readonly interrupt: Interrupt;
  /** Aborted by the q key. */
  readonly quit: AbortController;
  readonly ui: UiChoice;
  readonly intents: Intents;
  /** Takes what does the intents. */
  readonly serve: (by: LoopIntents & MachineIntents) => void;
  /** What lends the dashboard's terminal to some work; undefined where there is none. */
  readonly lend: () => SuspendDashboard | undefined;
  /** Gives the terminal back, for the last words. */
  readonly hide: () => Promise<void>;
  readonly offerStart: (profile: string) => Promise<boolean>;
}

/** Resolves to the exit code. */
export async function runUp(services: readonly string[], options: UpOptions, start: UpStart): Promise<number> {
  const { store, interrupt, quit, offerStart, ui } = start;
  const signal = AbortSignal.any([interrupt.signal, quit.signal]);
  limitNewSpace();
  let ready = false;
  const work = withSession(
    options,
    services,
    { docker: true, sandbox: 'run', alone: 'up', store, offerStart },
    async (session) => {
      ready = true;
      return signal.aborted ? 'stopped early' : loop(session, options, start, signal);
    },
  );
  // A Docker or a Minikube that does not answer keeps nobody from quitting: so far, nothing was changed.
  const ended = await Promise.race([work, aborted(signal).then(() => (ready ? work : 'stopped early'))]);
  if (ended !== 'stopped early') return ended;
  await start.hide();
  if (ui !== 'json') say('devloop has stopped; nothing was changed.');
  return interrupt.code() ?? 0;
}

async function loop(session: Session, options: UpOptions, start: UpStart, signal: AbortSignal): Promise<number> {
  const { project, target, store, outside } = session;
  const { interrupt, quit, ui, hide } = start;
  const bound = await bindPorts(project, listenOnLoopback);
  const color = wantsColor(options);
  start.serve(sessionIntents(session, start.lend, signal));
  notifyChanges(session, ui, signal);
  const look = { color, verbose: options.verbose ?? false };
  const closeStream = ui === 'stream' ? await showStream(store, start.intents, look) : undefined;
  if (ui === 'plain' || ui === 'json') await printLoop(store, ui, look);
  // Nobody waits for it.
  void removeLeftovers(project.root, systemClock.now());
  for (const text of session.earlyWarnings) store.dispatch({ type: 'notice', level: 'warning', text });
  const settled = options.once ? waitUntilSettled(store, systemClock, options.timeout * 1000, signal) : undefined;
  void settled?.then(
    () => quit.abort('--once is done'),
    () => {},
  );
  try {
    await runLoop(
      {
        outside,
        clock: systemClock,
        store,
        project,
        cluster: { context: target.context, kind: target.kind, why: target.why },
        bound,
        listen: listenOnLoopback,
        loadProject: session.loadProject,
        watchFiles: !options.once,
      },
      signal,
    );
  } finally {
    await closeStream?.();
    await hide();
    interrupt.stop();
  }
  const problem = interrupt.signal.aborted ? undefined : await settled;
  if (problem) say(formatProblem(problem, { color }));
  if (ui !== 'json') say(farewell(session));
  return interrupt.code() ?? (problem ? 1 : 0);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function farewell({ project, store, ephemeral }: Session): string {
  const installed = Object.values(store.getState().releases).filter((release) => release.revision !== undefined);
  if (installed.length === 0) return 'devloop has stopped; nothing was installed.';
  const names = installed.map((release) => release.name).join(', ');
  if (ephemeral)
    return `devloop has stopped, and the sandbox with it. \`devloop up\` goes on with release ${names}; \`devloop down\` uninstalls it.`;
  return `devloop has stopped. Release ${names} keeps running in namespace ${project.namespace}; \`devloop down\` uninstalls it.`;
}
