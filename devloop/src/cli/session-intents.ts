import { systemClock } from '../adapters/clock/system-clock.ts';
import { notify } from '../adapters/desktop/notify.ts';
import { runDesktopProgram } from '../adapters/desktop/run-program.ts';
import { createLoopIntents } from '../engine/loop-intents.ts';
import { tellChanges } from '../engine/tell-changes.ts';
import type { LoopIntents, MachineIntents } from '../model/intents.ts';
import { createMachineIntents } from './machine-intents.ts';
import type { UiChoice } from './options.ts';
import { write } from './output.ts';
import { createPodShell, type SuspendDashboard } from './pod-shell.ts';
import type { Session } from './session.ts';

const desktop = { platform: process.platform, env: process.env };

/** All that a dashboard of the session may ask, but how it ends. @param suspend undefined while there is no dashboard */
export function sessionIntents(
  { project, store, outside: { kubernetes } }: Session,
  suspend: () => SuspendDashboard | undefined,
  signal: AbortSignal,
): LoopIntents & MachineIntents {
  const { stdin, stdout } = process;
  const shell = createPodShell({ kubernetes, store, suspend, stdin, stdout, signal });
  return {
    ...createLoopIntents(kubernetes, systemClock, store, signal),
    ...createMachineIntents({
      ...{ project, store, desktop, write, shell },
      clock: systemClock,
      runProgram: runDesktopProgram,
    }),
  };
}

/** Rings or notifies as the configuration says. A stream of JSON, or a pipe, gets no escape codes among its lines. */
export function notifyChanges({ project, store }: Session, ui: UiChoice, signal: AbortSignal): void {
  const as = project.ui.notify;
  if (as === 'off' || ui === 'json') return;
  const toTerminal = (text: string) => {
    if (process.stdout.isTTY) write(text);
  };
  tellChanges(
    store,
    systemClock,
    ({ title, body }) => void notify(as, title, body, desktop, runDesktopProgram, toTerminal),
    signal,
  );
}
