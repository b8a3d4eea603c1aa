import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { serviceName } from './scale-project.ts';

/** A dashboard in a pseudo-terminal (util-linux' `script`), whose keys are timed. */
export class DashboardTerminal {
  readonly #child: ChildProcess;
  /** What was written since the last key, without escape codes. */
  #heard = '';
  #waiting: { readonly text: RegExp; readonly resolve: (at: number) => void } | undefined;
  #tail = '';
  readonly ended: Promise<unknown>;

  /** @param command for a shell */
  constructor(command: string, options: { cwd: string; env: NodeJS.ProcessEnv; columns: number; rows: number }) {
    const { cwd, env, columns, rows } = options;
    const sized = `stty cols ${columns} rows ${rows}; exec ${command}`;
    this.#child = spawn('script', ['-qfec', sized, '/dev/null'], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.ended = once(this.#child, 'exit');
  }

  /** When the terminal shows what matches, in milliseconds of `performance.now()`. */
  shows(text: RegExp): Promise<number> {
    if (text.test(this.#heard)) return Promise.resolve(performance.now());
    return new Promise((resolve) => {
      this.#waiting = { text, resolve };
    });
  }

  /** Milliseconds from pressing a key until the frame begins to come in which that service is the selected one. */
  async select(key: string, service: number): Promise<number> {
    this.#heard = '';
    const shown = this.shows(new RegExp(`› . ${serviceName(service)} `));
    const pressed = performance.now();
    this.press(key);
    return (await shown) - pressed;
  }

  press(key: string): void {
    this.#child.stdin?.write(key);
  }

  kill(): void {
    this.#child.kill();
  }

  /** The last of what was written, for a failure. */
  tail(): string {
    return this.#tail;
  }

  #hear(text: string): void {
    const at = performance.now();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what it removes
    const plain = text.replaceAll(/\x1b\[[\d;?]*[A-Za-z]/g, '');
    this.#heard += plain;
    this.#tail = (this.#tail + plain).slice(-6000);
    if (!this.#waiting?.text.test(this.#heard)) return;
    this.#waiting.resolve(at);
    this.#waiting = undefined;
  }
}
