import type { Readable } from 'node:stream';
import type { Clock } from '../../../model/clock.ts';
import type { NodeContext } from '../node-context.ts';
import { StartError } from '../processes/find-program.ts';
import { runProgram } from '../processes/run-program.ts';
import type { PreparedCommand } from './prepare-command.ts';

/** What a program said and how it ended; `code` is undefined when its time was over. */
export interface Outcome {
  readonly code: number | undefined;
  /** All that it said, and what of it came by stderr. */
  readonly output: string;
  readonly stderr: string;
}

/** Probes and hooks keep so much of what a program says, as the kubelet does. Bytes. */
const outputSize = 10 * 1024;

/** The words of Docker 20.10 for a program that an exec cannot start, as the line that it writes to stdout. */
export const execStartError = ({ message }: StartError): string =>
  `OCI runtime exec failed: exec failed: unable to start container process: ${message}: unknown\r\n`;

/** Runs a program with a container's env and folder, to its end. @param timeout milliseconds */
export async function runBeside(
  node: NodeContext,
  { env, folder, rewrite }: PreparedCommand,
  command: readonly string[],
  timeout: number,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const program = await runProgram({ argv: command.map(rewrite), env, folder, stdin: false }, node);
    let isLate = false;
    const end = () => program.signal('SIGKILL');
    const cancel = afterTime(node.clock, timeout, () => {
      isLate = true;
      end();
    });
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    const chunks: Buffer[] = [];
    const errors: Buffer[] = [];
    collect(program.stdout, chunks);
    collect(program.stderr, chunks, errors);
    const code = await program.exit.finally(() => {
      cancel();
      signal.removeEventListener('abort', end);
    });
    return { code: isLate ? undefined : code, output: textOf(chunks), stderr: textOf(errors) };
  } catch (error) {
    if (error instanceof StartError) return { code: 126, output: execStartError(error), stderr: '' };
    throw error;
  }
}

const afterTime = (clock: Clock, ms: number, callback: () => void): (() => void) =>
  Number.isFinite(ms) ? clock.after(ms, callback) : () => {};

function collect(stream: Readable, ...lists: Buffer[][]): void {
  stream.on('data', (chunk: Buffer) => {
    for (const list of lists) list.push(chunk);
  });
}

const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).subarray(0, outputSize).toString();
