import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Not set where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Written to its standard input, which is empty otherwise. */
  readonly input?: string;
  /** Milliseconds until it is killed and the promise rejects; two minutes when not given. */
  readonly timeout?: number;
  /** Shows its standard error while it runs, for work that takes minutes. */
  readonly showProgress?: boolean;
}

/** Runs a program to its end. Resolves whatever the exit code is; rejects when it cannot start or takes too long. */
export function run(file: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd, env, input, timeout = 120_000, showProgress = false } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: env ?? process.env, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (showProgress) process.stderr.write(text);
    });
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      const said = `stdout:\n${stdout}\nstderr:\n${stderr}`;
      reject(new Error(`${[file, ...args].join(' ')} did not end in ${timeout / 1000} s\n${said}`));
    }, timeout);
    child.on('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(deadline);
      resolve({ code, signal, stdout, stderr });
    });
    // A program may end before it has read its input; its exit code tells, not the broken pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** As `run`, for a program that has to succeed: gives its standard output. */
export async function output(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await run(file, args, options);
  if (result.code === 0) return result.stdout;
  const how = result.signal ?? `exit code ${result.code}`;
  throw new Error(`${[file, ...args].join(' ')} failed with ${how}\n${result.stderr}${result.stdout}`);
}
