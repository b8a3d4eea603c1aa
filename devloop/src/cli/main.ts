#!/usr/bin/env node
import { Fault } from '../model/errors.ts';
import { formatProblem } from '../plain/print-problem.ts';
import { say } from './output.ts';
import { createProgram } from './program.ts';

process.exitCode = await createProgram()
  .run(process.argv.slice(2))
  .catch((error: unknown) => {
    const color = process.stderr.isTTY === true && !process.env['NO_COLOR'];
    if (error instanceof Fault) {
      say(formatProblem(error.problem, { color }));
      return error.exitCode;
    }
    // Only what is our own mistake shows a stack.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`This is a bug of devloop, please report it with the text below.\n${stack}`);
    return 1;
  });
// What a library left open (a pooled connection, a timer) does not hold the command: its work is done.
process.stdout.write('', () => process.exit());
