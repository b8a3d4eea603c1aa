import { systemClock } from '../adapters/clock/system-clock.ts';
import type { Intents } from '../model/intents.ts';
import { commandLine } from '../plain/command-line.ts';
import { eventText } from '../state/event-text.ts';
import { createLogStore } from '../state/log-store.ts';
import type { Store } from '../state/store.ts';
import type { LendTerminal } from '../ui/dashboard.tsx';
import { onGithubActions } from './options.ts';
import { say, write, writeJson } from './output.ts';

/** The dashboard on this terminal. What happened while it was closed is there when it is shown again. */
export interface Dashboard {
  /** Resolves when the first frame is on the screen. Ink and React are loaded for it only. */
  readonly show: () => Promise<void>;
  /** Restores the terminal; nothing happens where it is not shown. */
  readonly close: () => Promise<void>;
  /** What lends its terminal to some work; undefined while it is not shown. */
  readonly lend: () => LendTerminal | undefined;
}

export function createDashboard(store: Store, intents: Intents, color: boolean): Dashboard {
  const logs = createLogStore();
  const warned = new Set<string>();
  store.subscribe((event) => {
    if (event.type === 'log') logs.append(event.line);
    // The header has no room for the reason on most terminals.
    if (event.type === 'loop.started') {
      const { context, why } = event.cluster;
      logs.append({ at: event.at, service: 'devloop', source: 'devloop', text: `cluster ${context}: ${why}` });
    }
    if (event.type !== 'kubernetes.event' || event.event.type !== 'Warning' || warned.has(event.event.uid)) return;
    // Told once: when it happens again, Kubernetes only counts the same Event up.
    warned.add(event.event.uid);
    const { service, at } = event.event;
    logs.append({ at, service, source: 'kubernetes', text: eventText(event.event) });
  });
  let closing = new AbortController();
  let closed = Promise.resolve();
  let lend: LendTerminal | undefined;
  const onReady = (ready: LendTerminal) => {
    lend = ready;
  };
  return {
    show: async () => {
      const { runDashboard } = await import('../ui/dashboard.tsx');
      closing = new AbortController();
      const { stdin, stdout } = process;
      const { signal } = closing;
      const clock = systemClock;
      closed = runDashboard({ store, logs, intents, clock, stdin, stdout, signal, color, onReady });
    },
    close: () => {
      lend = undefined;
      closing.abort();
      return closed;
    },
    lend: () => lend,
  };
}

/**
 * Prints lines into the terminal's own scrollback, with a live footer below. Resolves to what ends it and gives the
 * terminal back; however else the process ends, the terminal is given back too.
 */
export async function showStream(
  store: Store,
  intents: Intents,
  options: { color: boolean; verbose: boolean },
): Promise<() => Promise<void>> {
  const { openStream } = await import('../plain/stream/open-stream.ts');
  const { stdin, stdout } = process;
  const close = openStream({ store, intents, clock: systemClock, stdin, stdout, ...options });
  // Before the words of a crash are printed, or when a second Ctrl-C does not wait.
  const endings = ['uncaughtExceptionMonitor', 'exit'] as const;
  for (const ending of endings) process.on(ending, close);
  return async () => {
    for (const ending of endings) process.off(ending, close);
    close();
  };
}

/** Prints each event as it comes: as lines for people, or as JSON lines. */
export async function printLoop(store: Store, as: 'plain' | 'json', options: { color: boolean; verbose: boolean }) {
  if (as === 'json') {
    const { createJsonPrinter } = await import('../plain/print-json.ts');
    store.subscribe(createJsonPrinter({ write: writeJson }));
    return;
  }
  if (onGithubActions()) {
    const { createGithubPrinter } = await import('../plain/github-actions/print-github.ts');
    store.subscribe(createGithubPrinter({ write }));
  } else {
    const { createPlainPrinter } = await import('../plain/print-plain.ts');
    store.subscribe(createPlainPrinter({ write, color: options.color }));
  }
  if (!options.verbose) return;
  store.subscribe((event) => {
    if (event.type === 'command.ended') say(commandLine(event.command));
  });
}
