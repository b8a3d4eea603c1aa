import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { output, run } from './command.ts';
import { poll } from './http.ts';

const variable = 'DEVLOOP_E2E_MARK';

/**
 * A variable that every process started by a devloop under test inherits, and by which those that outlive it are
 * found, however they were started.
 */
export class ProcessMark {
  readonly #value = randomUUID();

  get env(): Record<string, string> {
    return { [variable]: this.#value };
  }

  /** Fails when a process that carries the mark is left. */
  requireNone(): Promise<void> {
    return requireNoProcess(`${variable}=${this.#value}`);
  }

  /** The pid and command line of each process that carries the mark. */
  processes(): Promise<string[]> {
    return processesWith(`${variable}=${this.#value}`);
  }
}

/** Fails when a process runs that has the text in its command line or environment; those on their way out get 2 s. */
export async function requireNoProcess(text: string): Promise<void> {
  let left: string[] = [];
  const gone = async () => {
    left = await processesWith(text);
    return left.length === 0 ? true : undefined;
  };
  await poll('the processes to end', gone, { timeout: 2000 }).catch(() => assert.deepEqual(left, []));
}

/** The pid and command line of each process that has the text in its command line or environment. */
async function processesWith(text: string): Promise<string[]> {
  // `e` shows each process' environment after its command line; it is read here and not shown to anybody
  const lines = (await output('ps', ['axeww', '-o', 'pid=,args='])).split('\n');
  const pids = lines.filter((line) => line.includes(text)).map((line) => line.trim().split(' ')[0] ?? '');
  if (pids.length === 0) return [];
  // Exit code 1: all of them have ended in the meantime.
  const named = await run('ps', ['-o', 'pid=,args=', '-p', pids.join(',')]);
  return named.stdout.split('\n').filter((line) => line !== '');
}

/** Whether a process with this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
