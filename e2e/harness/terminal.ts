import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { output, run } from './command.ts';
import { poll } from './http.ts';
import { cli } from './paths.ts';

interface TerminalOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly columns: number;
  readonly rows: number;
}

const prompt = 'e2e$ ';

/** A shell in a real terminal (tmux with a server of its own), where `devloop` is a command, as a user has it. */
export class Terminal {
  readonly #server = `devloop-e2e-${randomUUID().slice(0, 8)}`;
  readonly #options: TerminalOptions;
  readonly #bin: string;

  private constructor(options: TerminalOptions, bin: string) {
    this.#options = options;
    this.#bin = bin;
  }

  static async open(options: TerminalOptions): Promise<Terminal> {
    const bin = await mkdtemp(path.join(os.tmpdir(), 'devloop-e2e-bin-'));
    const launcher = `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`;
    await writeFile(path.join(bin, 'devloop'), launcher, { mode: 0o755 });
    const terminal = new Terminal(options, bin);
    const { columns, rows, cwd } = options;
    await terminal.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      `${columns}`,
      '-y',
      `${rows}`,
      '-c',
      cwd,
      'bash',
      '--noprofile',
      '--norc',
    );
    await terminal.until('a prompt', (screen) => screen.includes(prompt.trim()));
    return terminal;
  }

  /** Types a line into the shell. */
  async type(line: string): Promise<void> {
    await this.#tmux('send-keys', '-l', line);
    await this.press('Enter');
  }

  /** Presses keys by their tmux names: `q`, `C-c`, `Enter`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** What is on the screen now, a line each; trailing blanks are cut. */
  screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p');
  }

  /** The screen and all that has scrolled away; what the terminal has wrapped is one line. */
  history(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-');
  }

  /** The screen with its escape codes. */
  colouredScreen(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** The screen once it satisfies the test. */
  until(what: string, test: (screen: string) => boolean, timeout = 180_000): Promise<string> {
    let last = '';
    const ask = async () => {
      last = await this.screen();
      return test(last) ? last : undefined;
    };
    return poll(`the terminal to show ${what}`, ask, { timeout }).catch((error: Error) => {
      throw new Error(`${error.message}\n--- screen ---\n${last}`);
    });
  }

  /** Waits until the shell takes the next line: a program that is ending may still swallow what is typed. */
  async untilPrompt(): Promise<void> {
    await this.until('the prompt', (screen) => screen.trimEnd().split('\n').at(-1) === prompt.trim());
  }

  /** The state that a program which ended must have given back. */
  async modes(): Promise<{ alternateScreen: boolean; cursorVisible: boolean; mouse: boolean }> {
    const flags = '#{alternate_on} #{cursor_flag} #{mouse_any_flag}';
    const [alternate, cursor, mouse] = (await this.#tmux('display-message', '-p', flags)).trim().split(' ');
    return { alternateScreen: alternate === '1', cursorVisible: cursor === '1', mouse: mouse === '1' };
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`);
  }

  /** Closes the terminal, and with it what runs there. */
  async close(): Promise<void> {
    await run('tmux', ['-L', this.#server, 'kill-server'], { env: this.#options.env });
    await rm(this.#bin, { recursive: true, force: true });
  }

  #tmux(...args: string[]): Promise<string> {
    const { env } = this.#options;
    const shell = { ...env, PATH: `${this.#bin}:${env.PATH}`, PS1: prompt, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
    return output('tmux', ['-L', this.#server, ...args], { env: shell });
  }
}
