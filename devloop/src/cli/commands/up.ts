import { systemClock } from '../../adapters/clock/system-clock.ts';
import { createStore } from '../../state/store.ts';
import { askToStart } from '../ask-to-start.ts';
import { interruptSignal } from '../interrupt.ts';
import { createLateIntents } from '../late-intents.ts';
import { type UiChoice, type UpOptions, wantsColor } from '../options.ts';
import { createDashboard } from '../show-loop.ts';

/**
 * `devloop up`: builds, deploys, forwards and watches until it is told to stop. Resolves to the exit code. The dashboard
 * is shown first of all: the configuration, the cluster, and most of devloop's own code are loaded behind it.
 */
export async function up(services: readonly string[], options: UpOptions): Promise<number> {
  const store = createStore(systemClock.now);
  const interrupt = interruptSignal();
  const quit = new AbortController();
  const late = createLateIntents(store.dispatch);
  const intents = {
    ...late.intents,
    quit: () => quit.abort('q was pressed'),
    interrupt: interrupt.raise,
  };
  const ui = chooseUi(options);
  const dashboard = ui === 'dashboard' ? createDashboard(store, intents, wantsColor(options)) : undefined;
  await dashboard?.show();
  try {
    const { runUp } = await import('../run-up.ts');
    return await runUp(services, options, {
      store,
      interrupt,
      quit,
      ui,
      intents,
      serve: late.serve,
      lend: () => dashboard?.lend(),
      hide: async () => dashboard?.close(),
      offerStart: async (profile) => {
        await dashboard?.close();
        const wanted = await askToStart(profile);
        await dashboard?.show();
        return wanted;
      },
    });
  } finally {
    await dashboard?.close();
    interrupt.stop();
  }
}

function chooseUi(options: UpOptions): UiChoice {
  // Without a terminal that knows escape codes there is no footer: the same lines are left.
  if (options.ui === 'stream' && (!process.stdout.isTTY || process.env['TERM'] === 'dumb')) return 'plain';
  if (options.ui) return options.ui;
  return process.stdout.isTTY && process.stdin.isTTY && !options.once ? 'dashboard' : 'plain';
}
