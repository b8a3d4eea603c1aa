import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import xterm from '@xterm/headless';
import { output } from '../harness/command.ts';

/** Milliseconds. */
const longest = 20_000;
/** Written just before the program starts, to be told from what it writes. */
const startMark = 'starts now';

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly columns: number;
  readonly rows: number;
}

/** The rows of the screen, without trailing blanks. */
export type ScreenTest = (rows: readonly string[]) => boolean;

/** A dashboard in a pseudo-terminal (util-linux' `script`) of which each change of the screen is timed. */
export class DashboardTerminal {
  readonly #child: ChildProcess;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  readonly #waiting = new Set<{ readonly test: ScreenTest; readonly resolve: (at: number) => void }>();
  #written = 0;
  /** Resolves when the program has ended. */
  readonly ended: Promise<unknown>;
  /** When the program is started, in milliseconds of `performance.now()`. */
  readonly started: Promise<number>;

  /** @param command for a shell */
  constructor(command: string, { cwd, env, columns, rows }: TerminalOptions) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const sized = `stty cols ${columns} rows ${rows}; printf '${startMark}'; exec ${command}`;
    const terminalEnv = { ...env, TERM: 'xterm-256color', LANG: 'C.UTF-8', CI: undefined };
    this.#child = spawn('script', ['-qfec', sized, '/dev/null'], {
      cwd,
      env: terminalEnv,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.started = this.shows((lines) => lines[0]?.includes(startMark) ?? false);
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.ended = once(this.#child, 'exit');
  }

  /** Bytes that were written to the terminal. */
  get written(): number {
    return this.#written;
  }

  /** The program's own process. */
  async pid(): Promise<number> {
    return Number(await output('pgrep', ['-P', `${this.#child.pid}`]));
  }

  /**
   * When the bytes came in with which the screen satisfies the test, in milliseconds of `performance.now()`.
   * @throws Error when the program ends, or it takes too long
   */
  async shows(test: ScreenTest, timeout = longest): Promise<number> {
    if (test(this.rows())) return performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const waiter = { test, resolve };
    this.#waiting.add(waiter);
    const fail = (why: string) => reject(new Error(`${why}\n${this.rows().join('\n')}`));
    const deadline = setTimeout(() => fail(`The screen is not as expected after ${timeout} ms`), timeout);
    void this.ended?.then(() => fail('devloop has ended'));
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      this.#waiting.delete(waiter);
    }
  }

  /** Milliseconds from pressing a key until the bytes come in with which the screen satisfies the test. */
  async timed(key: string, test: ScreenTest): Promise<number> {
    const pressed = performance.now();
    this.press(key);
    return (await this.shows(test)) - pressed;
  }

  press(key: string): void {
    this.#child.stdin?.write(key);
  }

  /** As a user leaves. */
  async quit(): Promise<void> {
    this.press('q');
    await this.ended;
  }

  rows(): string[] {
    const { active } = this.#screen.buffer;
    return Array.from(
      { length: this.#screen.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
  }

  #hear(chunk: Buffer): void {
    const at = performance.now();
    this.#written += chunk.length;
    this.#screen.write(chunk, () => {
      if (this.#waiting.size === 0) return;
      const rows = this.rows();
      for (const { test, resolve } of this.#waiting) if (test(rows)) resolve(at);
    });
  }
}
