import { setTimeout as sleep } from 'node:timers/promises';
import type { DashboardTerminal } from './dashboard-terminal.ts';
import { floodLines, floodServices, lastLine, onFloodStage, patience, startFlood } from './flood-stage.ts';
import { openTerminal, untilReady } from './open-terminal.ts';
import { usageOf, watchMemory } from './process-usage.ts';
import { selectedService } from './selected-service.ts';

export interface Flood {
  readonly lines: number;
  /** Milliseconds that the program took to write them: more than it would alone, where it is read too slowly. */
  readonly wrote: number;
  /** Milliseconds from its end until its last line was on the screen. */
  readonly behind: number;
  /** Milliseconds from each key to its frame, by what the key does. */
  readonly keys: Readonly<Record<'select' | 'filter' | 'escape', readonly number[]>>;
  /** The most that devloop had, MB; and the sandbox, where it was apart. */
  readonly memory: number;
  readonly sandboxMemory: number | undefined;
  /** CPU milliseconds. */
  readonly main: number;
  readonly others: number;
}

/** Presses keys on the dashboard while 20,000 lines come in each second. @param apart as for `measureIdle` */
export async function measureFlood(apart: boolean): Promise<Flood> {
  return onFloodStage(apart, async (stage, port, sandboxPid) => {
    const terminal = openTerminal(stage);
    try {
      await untilReady(terminal, floodServices);
      const pid = await terminal.pid();
      const stopWatching = watchMemory(sandboxPid === undefined ? [pid] : [pid, sandboxPid]);
      const before = await usageOf(pid);
      const flood = startFlood(port);
      let isOver = false;
      void flood.then(() => {
        isOver = true;
      });
      const keys = await pressKeys(terminal, () => isOver);
      const { wrote, ended } = await flood;
      const shown = await terminal.shows((rows) => rows.some((row) => row.includes(lastLine)), patience);
      const after = await usageOf(pid);
      const [memory = 0, sandboxMemory] = stopWatching();
      return {
        lines: floodLines,
        wrote,
        behind: Math.max(0, shown - ended),
        keys,
        memory,
        sandboxMemory,
        main: after.main - before.main,
        others: after.others - before.others,
      };
    } finally {
      await terminal.quit();
    }
  });
}

/** Moves the selection and types filters, with pauses that keep no beat. */
async function pressKeys(terminal: DashboardTerminal, isOver: () => boolean): Promise<Flood['keys']> {
  const keys: Record<keyof Flood['keys'], number[]> = { select: [], filter: [], escape: [] };
  const pause = () => sleep(30 + Math.random() * 90);
  const isSelected = (name: string) => (rows: readonly string[]) => selectedService(rows) === name;
  const has = (text: string) => (rows: readonly string[]) => rows.some((row) => row.includes(text));
  while (!isOver()) {
    for (const [key, name] of [
      ['j', 'still'],
      ['k', 'loud'],
    ] as const) {
      await pause();
      keys.select.push(await terminal.timed(key, isSelected(name)));
    }
    await pause();
    terminal.press('/');
    // No line and no other part of the screen has these.
    for (let typed = 1; typed <= 3; typed += 1) {
      await pause();
      keys.filter.push(await terminal.timed('~', has('~'.repeat(typed))));
    }
    await pause();
    keys.escape.push(await terminal.timed('\x1b', (rows) => !has('~')(rows)));
  }
  return keys;
}
