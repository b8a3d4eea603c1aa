import { systemClock } from '../../adapters/clock/system-clock.ts';
import { listenOnLoopback } from '../../adapters/loopback/listen.ts';
import { bindPorts } from '../../engine/forwards.ts';
import { runLoop } from '../../engine/loop.ts';
import type { Intents } from '../../model/intents.ts';
import { formatProblem } from '../../plain/print-problem.ts';
import type { Store } from '../../state/store.ts';
import type { DashboardOptions, LendTerminal } from '../../ui/dashboard.tsx';
import { interruptSignal } from '../interrupt.ts';
import { type UiChoice, type UpOptions, wantsColor } from '../options.ts';
import { say } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { notifyChanges, sessionIntents } from '../session-intents.ts';
import { printLoop, showDashboard, showStream } from '../show-loop.ts';
import { waitUntilSettled } from '../wait-until-settled.ts';

/** `devloop up`: builds, deploys, forwards and watches until it is told to stop. Resolves to the exit code. */
export function up(services: readonly string[], options: UpOptions): Promise<number> {
  return withSession(options, services, { docker: true, sandbox: 'run' }, (session) => loop(session, options));
}

async function loop(session: Session, options: UpOptions): Promise<number> {
  const { project, target, store, outside } = session;
  const ui = chooseUi(options);
  // Loaded before the ports are bound, so that no connection comes while nobody takes it.
  if (ui === 'dashboard') await import('../../ui/dashboard.tsx');
  const bound = await bindPorts(project, listenOnLoopback);
  const interrupt = interruptSignal();
  const quit = new AbortController();
  const signal = AbortSignal.any([interrupt.signal, quit.signal]);
  const color = wantsColor(options);
  let lend: LendTerminal | undefined;
  const intents = {
    ...sessionIntents(session, () => lend, signal),
    quit: () => quit.abort('q was pressed'),
    interrupt: interrupt.raise,
  };
  const onReady = (ready: LendTerminal) => {
    lend = ready;
  };
  const close = await show(store, ui, intents, { color, verbose: options.verbose ?? false, onReady });
  notifyChanges(session, ui, signal);
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
    await close?.();
    interrupt.stop();
  }
  const problem = interrupt.signal.aborted ? undefined : await settled;
  if (problem) say(formatProblem(problem, { color }));
  if (ui !== 'json') say(farewell(session));
  return interrupt.code() ?? (problem ? 1 : 0);
}

/** Resolves to what closes it, where it has to be closed. */
async function show(
  store: Store,
  ui: UiChoice,
  intents: Intents,
  options: { color: boolean; verbose: boolean; onReady: DashboardOptions['onReady'] },
): Promise<(() => Promise<void>) | undefined> {
  if (ui === 'dashboard') return showDashboard(store, intents, options.color, options.onReady);
  if (ui === 'stream') return showStream(store, intents, options);
  await printLoop(store, ui, options);
  return undefined;
}

function chooseUi(options: UpOptions): UiChoice {
  // Without a terminal that knows escape codes there is no footer: the same lines are left.
  if (options.ui === 'stream' && (!process.stdout.isTTY || process.env['TERM'] === 'dumb')) return 'plain';
  if (options.ui) return options.ui;
  return process.stdout.isTTY && process.stdin.isTTY && !options.once ? 'dashboard' : 'plain';
}

function farewell({ project, store, ephemeral }: Session): string {
  const installed = Object.values(store.getState().releases).filter((release) => release.revision !== undefined);
  if (installed.length === 0) return 'devloop has stopped; nothing was installed.';
  const names = installed.map((release) => release.name).join(', ');
  if (ephemeral)
    return `devloop has stopped, and the sandbox with it. \`devloop up\` goes on with release ${names}; \`devloop down\` uninstalls it.`;
  return `devloop has stopped. Release ${names} keeps running in namespace ${project.namespace}; \`devloop down\` uninstalls it.`;
}
