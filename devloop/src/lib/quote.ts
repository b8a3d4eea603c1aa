const plainWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * An argument list as a line that can be pasted into a POSIX shell. Only for showing: devloop itself starts every
 * program with an array, never through a shell.
 */
export function quoteCommand(words: readonly string[]): string {
  return words.map((word) => (plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
