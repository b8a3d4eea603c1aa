import { setTimeout as sleep } from 'node:timers/promises';
import { openSandboxStage } from '../harness/sandbox-stage.ts';
import type { Stage } from '../harness/stage.ts';
import { floodServices, onFloodStage } from './flood-stage.ts';
import { openTerminal, untilReady } from './open-terminal.ts';
import { usageOf } from './process-usage.ts';
import { startSandboxApart } from './sandbox-apart.ts';

/** Milliseconds until what starts has come to rest: the last image is kept, the graphs of CPU and memory are full. */
const rest = 40_000;
const watched = 20_000;

/** All healthy, and nobody asking. */
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

/**
 * Of the sample, whose pods are probed and write a line for each probe.
 * @param apart whether the sandbox runs in another process, which is not measured
 */
export async function measureIdle(apart: boolean): Promise<Idle> {
  const stage = await openSandboxStage('bench', { host: 'devloop' });
  const sandbox = apart ? await startSandboxApart(stage) : undefined;
  try {
    return await watchIdle(stage, ['backend', 'frontend']);
  } finally {
    await sandbox?.close();
    await stage.remove();
  }
}

/** Of two services without probes, which write nothing. */
export const measureSilence = (): Promise<Idle> => onFloodStage(true, (stage) => watchIdle(stage, floodServices));

async function watchIdle(stage: Stage, services: readonly string[]): Promise<Idle> {
  const terminal = openTerminal(stage);
  try {
    await untilReady(terminal, services);
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
