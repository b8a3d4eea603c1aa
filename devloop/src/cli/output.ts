import { jsonWithoutCommands, withoutCommands } from '../plain/github-actions/workflow-commands.ts';
import { onGithubActions } from './options.ts';

/** Writes to standard output; a reader that has gone away (`| head`) ends the command quietly. */
export function write(text: string): void {
  process.stdout.write(text);
}

/** A line with text of others, as `write`. */
export const writeLine = (line: string): void => write(onGithubActions() ? withoutCommands(line) : line);

/** A line of JSON, as `write`. */
export const writeJson = (line: string): void => write(onGithubActions() ? jsonWithoutCommands(line) : line);

/** Lines to standard error: what is not the command's result. */
export function say(text: string): void {
  const harmless = onGithubActions() ? text.split('\n').map(withoutCommands).join('\n') : text;
  process.stderr.write(`${harmless}\n`);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
