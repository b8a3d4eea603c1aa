import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers';
import { killTree } from './process-table.ts';
import type { RunnerSettings } from './settings.ts';

/** A longer line is cut into several, so that each fits into a line of the protocol. */
const longestText = 4000;

/** How long output is read on after the command has ended: something that it left running may hold it open. */
const lastOutput = 200;

/** The commands that clients run now. */
export class Commands {
  /** Their process ids. */
  readonly running = new Set<number>();
  readonly #settings: Pick<RunnerSettings, 'env' | 'cwd'>;

  constructor(settings: Pick<RunnerSettings, 'env' | 'cwd'>) {
    this.#settings = settings;
  }

  /**
   * Runs a command to its end.
   * @param onLine hears its output; a promise holds the output up until it resolves
   * @param signal kills it, with all that it has started
   * @returns its exit code; 128+n for a signal
   */
  run(
    [file = '', ...args]: readonly string[],
    onLine: (line: string) => Promise<void> | undefined,
    signal: AbortSignal,
  ): Promise<number> {
    const { env, cwd } = this.#settings;
    return new Promise((resolve, reject) => {
      const child = spawn(file, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      child.on('error', reject);
      const { pid } = child;
      if (pid === undefined) return;
      this.running.add(pid);
      const end = () => killTree(pid);
      signal.addEventListener('abort', end);
      const outputs = Promise.all([readLines(child.stdout, onLine), readLines(child.stderr, onLine)]);
      child.once('exit', (code, name) => {
        this.running.delete(pid);
        signal.removeEventListener('abort', end);
        const timer = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, lastOutput);
        outputs.then(() => {
          timer.close();
          resolve(code ?? 128 + (name ? constants.signals[name] : 0));
        }, reject);
      });
      if (signal.aborted) end();
    });
  }
}

async function readLines(output: Readable, onLine: (line: string) => Promise<void> | undefined): Promise<void> {
  let rest = '';
  try {
    for await (const chunk of output.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      while (rest.length > longestText) {
        lines.push(rest.slice(0, longestText));
        rest = rest.slice(longestText);
      }
      for (const line of lines) for (const part of cut(line)) await onLine(part);
    }
  } catch {
    // It was held open, and let go of.
  }
  if (rest) await onLine(rest);
}

function cut(line: string): string[] {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.length <= longestText ? [text] : (text.match(new RegExp(`.{1,${longestText}}`, 'gsu')) ?? []);
}
