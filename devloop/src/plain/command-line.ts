import type { CommandRecord } from '../model/operation.ts';

/** A command that has ended, for `--verbose`. */
export const commandLine = ({ line, exitCode, ms }: CommandRecord): string =>
  `$ ${line}  (exit code ${exitCode}, ${ms} ms)`;
