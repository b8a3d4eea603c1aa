import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Stage } from '../harness/stage.ts';

/** A sandbox in a process of its own. */
export interface SandboxApart {
  readonly pid: number;
  readonly close: () => Promise<void>;
}

/** Starts the sandbox of a stage whose devloop would else run it; resolves when it serves. */
export async function startSandboxApart({ workspace, env }: Stage): Promise<SandboxApart> {
  const program = path.join(import.meta.dirname, 'sandbox-process.ts');
  const child = spawn(process.execPath, [program, workspace.path('.devloop/sandbox')], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    exit.then(() => {
      throw new Error('The sandbox did not start');
    }),
  ]);
  return {
    pid: child.pid ?? 0,
    close: async () => {
      child.stdin.end();
      await exit;
    },
  };
}
