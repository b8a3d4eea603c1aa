import type { Readable } from 'node:stream';
import type { Clock } from '../../../model/clock.ts';
import type { NodeContext } from '../node-context.ts';
import { StartError } from '../processes/find-program.ts';
import { runProgram } from '../processes/run-program.ts';
import type { PreparedCommand } from './prepare-command.ts';

/** What a program said and how it ended; `code` is undefined when its time was over. */
export interface Outcome {
  readonly code: number | undefined;
  readonly output: string;
}

/** Probes and hooks keep so much of what a program says, as the kubelet does. Bytes. */
const outputSize = 10 * 1024;

/** The words of Docker for a program that an exec cannot start. */
export const execStartError = ({ message }: StartError): string =>
  `OCI runtime exec failed: exec failed: container_linux.go:370: starting container process caused: ${message}: unknown`;

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
    collect(program.stdout, chunks);
    collect(program.stderr, chunks);
    const code = await program.exit;
    cancel();
    signal.removeEventListener('abort', end);
    const output = Buffer.concat(chunks).subarray(0, outputSize).toString();
    return { code: isLate ? undefined : code, output };
  } catch (error) {
    if (error instanceof StartError) return { code: 126, output: `${execStartError(error)}\r\n` };
    throw error;
  }
}

const afterTime = (clock: Clock, ms: number, callback: () => void): (() => void) =>
  Number.isFinite(ms) ? clock.after(ms, callback) : () => {};

function collect(stream: Readable, chunks: Buffer[]): void {
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
}
