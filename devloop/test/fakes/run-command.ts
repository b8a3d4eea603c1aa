import type { Command, CommandResult, RunCommand } from '../../src/engine/outside.ts';
import { environmentFault } from '../../src/model/errors.ts';

export interface Answer extends Partial<CommandResult> {
  /** What it prints, line by line, to who listens. */
  readonly lines?: readonly string[];
}

type Script = Answer | 'not installed' | ((command: Command, signal?: AbortSignal) => Promise<Answer>);

export interface FakeRun {
  readonly run: RunCommand;
  readonly calls: readonly Command[];
  /** The calls as lines: `docker image ls`. */
  readonly lines: () => string[];
}

/** A process runner that answers by the beginning of the command line; what no script knows fails the test. */
export function createFakeRun(scripts: Readonly<Record<string, Script>>): FakeRun {
  const calls: Command[] = [];
  const lineOf = ({ file, args }: Command) => [file, ...args].join(' ');
  const run: RunCommand = async (command, signal) => {
    calls.push(command);
    const found = Object.entries(scripts).find(([start]) => lineOf(command).startsWith(start));
    if (!found) throw new Error(`no script for: ${lineOf(command)}`);
    const [, script] = found;
    if (script === 'not installed') {
      throw environmentFault({
        title: `${command.file} was not found`,
        why: `there is no ${command.file} on the PATH`,
      });
    }
    const answer = typeof script === 'function' ? await script(command, signal) : script;
    for (const line of answer.lines ?? []) command.onLine?.(line, 'stderr');
    return { exitCode: answer.exitCode ?? 0, stdout: answer.stdout ?? '', stderr: answer.stderr ?? '' };
  };
  return { run, calls, lines: () => calls.map(lineOf) };
}
