import { systemClock } from '../adapters/clock/system-clock.ts';
import type { Intents } from '../model/intents.ts';
import { eventText } from '../state/event-text.ts';
import { createLogStore } from '../state/log-store.ts';
import type { Store } from '../state/store.ts';
import { say, write } from './output.ts';

/** The dashboard on this terminal. What happened while it was closed is there when it is shown again. */
export interface Dashboard {
  /** Resolves when the first frame is on the screen. Ink and React are loaded for it only. */
  readonly show: () => Promise<void>;
  /** Restores the terminal; nothing happens where it is not shown. */
  readonly close: () => Promise<void>;
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
  return {
    show: async () => {
      const { runDashboard } = await import('../ui/dashboard.tsx');
      closing = new AbortController();
      const { stdin, stdout } = process;
      const clock = systemClock;
      closed = runDashboard({ store, logs, intents, clock, stdin, stdout, signal: closing.signal, color });
    },
    close: () => {
      closing.abort();
      return closed;
    },
  };
}

/** Prints each event as it comes: as lines for people, or as JSON lines. */
export async function printLoop(store: Store, as: 'plain' | 'json', options: { color: boolean; verbose: boolean }) {
  if (as === 'json') {
    const { createJsonPrinter } = await import('../plain/print-json.ts');
    store.subscribe(createJsonPrinter({ write }));
    return;
  }
  const { createPlainPrinter } = await import('../plain/print-plain.ts');
  store.subscribe(createPlainPrinter({ write, color: options.color }));
  if (!options.verbose) return;
  store.subscribe((event) => {
    if (event.type !== 'command.ended') return;
    const { line, exitCode, ms } = event.command;
    say(`$ ${line}  (exit code ${exitCode}, ${ms} ms)`);
  });
}
