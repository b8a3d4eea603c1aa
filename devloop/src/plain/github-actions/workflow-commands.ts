// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, and how the runner reads them:
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs

/** Where a compiler found an error; line and column from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** What follows, up to `endGroup`, is folded under the title. */
export const startGroup = (title: string): string => `::group::${data(title)}`;

export const endGroup = '::endgroup::';

/** An annotation of the run, at its place in the file. */
export function errorCommand({ file, line, column }: SourcePlace, title: string, message: string): string {
  const col = column === undefined ? '' : `,col=${column}`;
  return `::error file=${property(file)},line=${line}${col},title=${property(title)}::${data(message)}`;
}

/**
 * A line that the runner takes for text whatever it says. It takes `::` for a command at the start of a line only, its
 * older `##[` anywhere.
 */
export const withoutCommands = (line: string): string => line.replaceAll('##[', '## [').replace(/^(\s*):(?=:)/, '$1: ');

/** The same for a line of JSON, which still has the same value. */
export const jsonWithoutCommands = (line: string): string => line.replaceAll('##[', '##\\u005b');

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
