import { randomUUID } from 'node:crypto';
import { output, run } from './command.ts';

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

  /** The pid and command line of each process that carries the mark. */
  async processes(): Promise<string[]> {
    // `e` shows each process' environment after its command line; it is read here and not shown to anybody
    const lines = (await output('ps', ['axeww', '-o', 'pid=,args='])).split('\n');
    const marked = lines.filter((line) => line.includes(`${variable}=${this.#value}`));
    const pids = marked.map((line) => line.trim().split(' ')[0] ?? '');
    if (pids.length === 0) return [];
    // Exit code 1: all of them have ended in the meantime.
    const named = await run('ps', ['-o', 'pid=,args=', '-p', pids.join(',')]);
    return named.stdout.split('\n').filter((line) => line !== '');
  }
}
