import type { SourcePlace } from './workflow-commands.ts';

export interface CompilerError extends SourcePlace {
  readonly message: string;
}

// src/server.ts(14,9): error TS2322: …
const tsc = /^\s*(?<file>[^\s(][^(]*)\((?<line>\d+),(?<column>\d+)\): (?<message>.+)$/;
// src/server.ts:14:9: error: … (esbuild, gcc, go, ESLint's unix format), --> src/main.rs:14:9 (rustc), Main.java:14: error: …
const colons =
  /^\s*(?:--> )?(?<file>[\w@.+/[\]()-]+\.[A-Za-z]\w*):(?<line>\d+)(?::(?<column>\d+))?:?(?:\s+-)?\s*(?<message>.*)$/;
const isError = /error|✘|expected|cannot|failed/i;

/** The errors with a place in a file that a compiler's output names; each place once. */
export function compilerErrors(output: readonly string[]): CompilerError[] {
  const lines = output.filter((text) => text.trim() !== '');
  const found = lines.flatMap((text, index) => {
    const groups = (tsc.exec(text) ?? colons.exec(text))?.groups;
    if (!groups?.['file']) return [];
    const { file, line, column, message: own } = groups;
    const message = own || neighbour(lines, index);
    // A place without a column is one in a log, too; a compiler says that it is an error.
    if (!message || (column === undefined && !isError.test(message))) return [];
    const place = { file: file.replace(/^\.\//, ''), line: Number(line) };
    return [{ ...place, ...(column !== undefined && { column: Number(column) }), message }];
  });
  return [...new Map(found.map((error) => [`${error.file}:${error.line}:${error.column}`, error])).values()];
}

/** Some print the message above the place (esbuild, rustc), some below (Next.js). */
function neighbour(lines: readonly string[], index: number): string | undefined {
  const [above, below] = [lines[index - 1]?.trim(), lines[index + 1]?.trim()];
  return [above, below].find((text) => text && isError.test(text));
}
