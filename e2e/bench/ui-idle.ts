import { setTimeout as sleep } from 'node:timers/promises';
import { openSandboxStage } from '../harness/sandbox-stage.ts';
import type { Stage } from '../harness/stage.ts';
import { openTerminal } from './open-terminal.ts';
import { usageOf } from './process-usage.ts';
import { startSandboxApart } from './sandbox-apart.ts';

/** Milliseconds until what starts has come to rest: the last image is kept, V8 has compiled what is hot. */
const rest = 15_000;
const watched = 20_000;

/** Of the sample, all healthy and nobody asking. */
export interface Idle {
  /** Milliseconds. */
  readonly watched: number;
  /** CPU milliseconds of the thread that draws, and of devloop's others. */
  readonly main: number;
  readonly others: number;
  /** Written to the terminal. */
  readonly bytes: number;
  /** MB. */
  readonly memory: number;
}

/** @param apart whether the sandbox runs in another process, which is not measured */
export async function measureIdle(apart: boolean): Promise<Idle> {
  const stage = await openSandboxStage('bench', { host: 'devloop' });
  const sandbox = apart ? await startSandboxApart(stage) : undefined;
  try {
    return await watchIdle(stage);
  } finally {
    await sandbox?.close();
    await stage.remove();
  }
}

async function watchIdle(stage: Stage): Promise<Idle> {
  const terminal = openTerminal(stage);
  try {
    const isReady = (service: string) => (row: string) => new RegExp(`${service}\\b.*\\bready\\b`, 'i').test(row);
    await terminal.shows((rows) => rows.some(isReady('backend')) && rows.some(isReady('frontend')), 120_000);
    await sleep(rest);
    const pid = await terminal.pid();
    const [before, written, from] = [await usageOf(pid), terminal.written, performance.now()];
    await sleep(watched);
    const after = await usageOf(pid);
    return {
      watched: performance.now() - from,
      main: after.main - before.main,
      others: after.others - before.others,
      bytes: terminal.written - written,
      memory: after.memory,
    };
  } finally {
    await terminal.quit();
  }
}
