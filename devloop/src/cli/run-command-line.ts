import { Fault } from '../model/errors.ts';
import { formatProblem } from '../plain/print-problem.ts';
import { say } from './output.ts';
import { createProgram } from './program.ts';

/** Runs the command that the arguments name, and says what went wrong. Resolves to the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    return await createProgram().run(args);
  } catch (error) {
    if (error instanceof Fault) {
      const color = process.stderr.isTTY === true && !process.env['NO_COLOR'];
      say(formatProblem(error.problem, { color }));
      return error.exitCode;
    }
    // Only what is our own mistake shows a stack.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`This is a bug of devloop, please report it with the text below.\n${stack}`);
    return 1;
  }
}
