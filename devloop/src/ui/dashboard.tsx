import { render } from 'ink';
import type { Clock } from '../model/clock.ts';
import type { Intents } from '../model/intents.ts';
import type { LogStore } from '../state/log-store.ts';
import type { Store } from '../state/store.ts';
import { App } from './app.tsx';
import { createFeed } from './feed.ts';
import { createSession } from './session.ts';
import { createViewStore } from './view-state.ts';

export interface DashboardOptions {
  readonly store: Store;
  readonly logs: LogStore;
  readonly intents: Intents;
  readonly clock: Clock;
  readonly stdin: NodeJS.ReadStream;
  /** A terminal; its columns and rows are followed as they change. */
  readonly stdout: NodeJS.WriteStream;
  /** Ends the dashboard. */
  readonly signal: AbortSignal;
  /** Whether to use colours and other styles; glyphs and words say the same without them. */
  readonly color: boolean;
}

/**
 * Shows the dashboard on the terminal's alternate screen until the signal aborts; then the screen is as it was before.
 * The q and Ctrl-C keys only call `intents.quit` and `intents.interrupt`: when to end is the caller's to decide.
 */
export async function runDashboard({
  store,
  logs,
  intents,
  clock,
  stdin,
  stdout,
  signal,
  color,
}: DashboardOptions): Promise<void> {
  if (signal.aborted) return;
  const feed = createFeed(store, logs, clock);
  const session = createSession(feed, createViewStore(), logs, intents, clock);
  const app = render(<App session={session} color={color} />, {
    stdin,
    stdout,
    alternateScreen: true,
    exitOnCtrlC: false,
    // The feed has its own beat, and a key must not wait for Ink's: 33 ms after the frame before it.
    maxFps: 1000,
    // Whether a dashboard is wanted was decided before; Ink would say no on a CI machine, even on a terminal.
    interactive: true,
  });
  const unmount = () => app.unmount();
  signal.addEventListener('abort', unmount, { once: true });
  try {
    await app.waitUntilExit();
  } finally {
    signal.removeEventListener('abort', unmount);
    feed.close();
  }
}
