import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../model/clock.ts';
import { makeHold, readHold, removeHold } from './hold-file.ts';

/** Held by the process that runs a project's sandbox. */
export interface SandboxHold {
  readonly release: () => Promise<void>;
}

/** Milliseconds that a process which holds it has until its sandbox answers. */
const startMs = 5000;
const pollMs = 50;

/**
 * Takes the hold of a project's sandbox, so that no two processes run it; `taken` when another one does, and it
 * answers. A process that has died holds nothing.
 * @param folder the sandbox's own
 * @param answers whether the sandbox that runs there answers
 */
export async function holdSandbox(
  folder: string,
  clock: Clock,
  answers: () => Promise<boolean>,
): Promise<SandboxHold | 'taken'> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'held-by');
  const deadline = clock.now() + startMs;
  for (;;) {
    if (await makeHold(file, String(process.pid))) return { release: () => rm(file, { force: true }) };
    if (await answers()) return 'taken';
    const holder = await readHold(file);
    // A number that another program has got meanwhile is told by the silence of the sandbox.
    const late = clock.now() > deadline;
    const freed = (late || !isAlive(holder)) && (await removeHold(file, holder, late));
    if (!freed) await clock.sleep(pollMs);
  }
}

function isAlive(holder: string): boolean {
  // A hold is made before its number is written.
  if (holder === '') return true;
  const pid = Number(holder);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
