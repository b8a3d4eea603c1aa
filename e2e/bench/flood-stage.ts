import { freePorts } from '../harness/ports.ts';
import { openSandboxStage } from '../harness/sandbox-stage.ts';
import type { Stage } from '../harness/stage.ts';
import { startSandboxApart } from './sandbox-apart.ts';

export const floodServices: readonly string[] = ['loud', 'still'];
/** A second. */
const rate = 20_000;
export const floodLines = 20 * rate;
export const lastLine = `the flood is over after ${floodLines} lines`;
/** Milliseconds until the last line has to be there. */
export const patience = 240_000;

/**
 * Works on the fixture `flood`: two services, of which `loud` writes lines when it is asked to.
 * @param apart whether the sandbox runs in another process; its id is given then
 */
export async function onFloodStage<Result>(
  apart: boolean,
  work: (stage: Stage, port: number, sandboxPid: number | undefined) => Promise<Result>,
): Promise<Result> {
  const [port = 0] = await freePorts(1);
  const stage = await openSandboxStage('bench', { host: 'devloop', fixture: 'flood' });
  const sandbox = apart ? await startSandboxApart(stage) : undefined;
  try {
    return await work({ ...stage, env: { ...stage.env, FLOOD_PORT: `${port}` } }, port, sandbox?.pid);
  } finally {
    await sandbox?.close();
    await stage.remove();
  }
}

/** Has the service write its lines; resolves when it has, to the milliseconds that it took. */
export async function startFlood(port: number): Promise<{ wrote: number; ended: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/${floodLines}/${rate}`, { method: 'POST' });
  const wrote = Number(await response.text());
  return { wrote, ended: performance.now() };
}
