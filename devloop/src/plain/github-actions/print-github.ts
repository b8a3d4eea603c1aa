import { formatDuration } from '../../lib/duration.ts';
import type { Problem } from '../../model/errors.ts';
import type { StampedEvent } from '../../model/events.ts';
import { createTeller } from '../tell.ts';
import { compilerErrors } from './compiler-errors.ts';
import { endGroup, errorCommand, startGroup, withoutCommands } from './workflow-commands.ts';

// GitHub shows so many of a step: https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
const errorsShown = 10;

/**
 * Prints a loop as the plain printer does, for the log of GitHub Actions: the output of each build is a group, and a
 * compiler's errors are annotations. Groups cannot mix, and builds run at the same time: a build's group is printed
 * when the build is over. It has to be given all events.
 * @param write takes each line with its newline
 */
export function createGithubPrinter({
  write,
}: {
  readonly write: (text: string) => void;
}): (event: StampedEvent) => void {
  const tell = createTeller({ color: false });
  const outputs = new Map<string, string[]>();
  const print = (lines: readonly string[]) => {
    for (const line of lines) write(`${line}\n`);
  };
  return (event) => {
    const lines = tell(event).map(withoutCommands);
    const held = outputOf(event, outputs);
    if (held) {
      held.push(...lines);
      return;
    }
    const end = endOf(event);
    const output = end && outputs.get(end.service);
    if (end && output) {
      outputs.delete(end.service);
      if (output.length > 0) print([startGroup(end.title), ...output, endGroup]);
    }
    if (event.type === 'build.started') outputs.set(event.service, []);
    print(lines);
    if (event.type === 'build.failed' || event.type === 'update.failed') print(errorCommands(event.problem));
  };
}

/** Where the output of a build that runs is kept. */
function outputOf(event: StampedEvent, outputs: ReadonlyMap<string, string[]>): string[] | undefined {
  if (event.type === 'build.step') return outputs.get(event.service);
  return event.type === 'log' && event.line.source === 'build' ? outputs.get(event.line.service) : undefined;
}

function endOf(event: StampedEvent): { readonly service: string; readonly title: string } | undefined {
  switch (event.type) {
    case 'build.succeeded':
      return {
        service: event.service,
        title: `${event.service}: build of edit ${event.image.edit}, ${formatDuration(event.ms)}`,
      };
    case 'build.failed':
      return {
        service: event.service,
        title: `${event.service}: build of edit ${event.edit} failed, ${formatDuration(event.ms)}`,
      };
    case 'build.cancelled':
      return { service: event.service, title: `${event.service}: build of edit ${event.edit} cancelled` };
    default:
      return undefined;
  }
}

const errorCommands = ({ title, why, evidence = [] }: Problem): string[] =>
  compilerErrors([...why.split('\n'), ...evidence])
    .slice(0, errorsShown)
    .map(({ message, ...place }) => errorCommand(place, title, message));
