import { render, useApp } from 'ink';
import { useEffect } from 'react';
import type { Clock } from '../model/clock.ts';
import type { Intents } from '../model/intents.ts';
import type { LogStore } from '../state/log-store.ts';
import type { Store } from '../state/store.ts';
import { App } from './app.tsx';
import { createFeed } from './feed.ts';
import { MouseReports } from './mouse/mouse-reports.ts';
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
  /**
   * Called once it is drawn, with what lends the terminal to some work: the screen and the keys are as they were before
   * the dashboard until that is done, and all is drawn anew after it.
   */
  readonly onReady?: (lend: LendTerminal) => void;
}

export type LendTerminal = (work: () => Promise<void>) => Promise<void>;

/** Ink gives its way of lending the terminal to components only. */
function Lender({ onReady, mouse }: { readonly onReady: (lend: LendTerminal) => void; readonly mouse: MouseReports }) {
  const { suspendTerminal } = useApp();
  useEffect(() => onReady((work) => suspendTerminal(() => mouse.without(work))), [onReady, suspendTerminal, mouse]);
  return null;
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
  onReady,
}: DashboardOptions): Promise<void> {
  if (signal.aborted) return;
  const feed = createFeed(store, logs, clock);
  const session = createSession(feed, createViewStore(), logs, intents, clock);
  const mouse = new MouseReports(stdin, stdout, session.point);
  const screen = (
    <>
      {onReady && <Lender onReady={onReady} mouse={mouse} />}
      <App session={session} color={color} mouse={mouse} />
    </>
  );
  const app = render(screen, {
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
