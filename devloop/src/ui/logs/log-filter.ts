/** What the user searches the logs for. */
export interface LogFilter {
  /** Lines without it are wanted. */
  readonly inverse: boolean;
  readonly pattern: RegExp;
  /** How the text was understood: as a regular expression, or as the text itself. */
  readonly kind: 'regex' | 'text';
  /** Why it is no regular expression, where it looks like one. */
  readonly problem?: string;
}

/** A group that repeats, of something that repeats: `(a+)+`. */
const nestedRepeat = /\([^()]*[+*}][^()]*\)(?:[+*]|\{\d+,)/;
const special = /[\\^$.*+?()[\]{}|]/;

/**
 * What was typed, understood: a leading `!` inverts; the rest is a regular expression where it is a valid one, else the
 * text itself. One that repeats repetitions is text, too. Case counts when a capital letter is in it. Undefined when
 * there is nothing to look for.
 */
export function parseFilter(typed: string): LogFilter | undefined {
  const inverse = typed.startsWith('!');
  const text = inverse ? typed.slice(1) : typed;
  if (text === '') return undefined;
  // A capital letter behind a backslash, as in \S, is not the user's.
  const flags = /\p{Lu}/u.test(text.replaceAll(/\\./g, '')) ? 'g' : 'gi';
  const problem = problemOf(text);
  if (problem === undefined) {
    return { inverse, kind: special.test(text) ? 'regex' : 'text', pattern: new RegExp(text, flags) };
  }
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return { inverse, kind: 'text', pattern: new RegExp(escaped, flags), problem };
}

/** Why the text cannot be used as a regular expression; undefined when it can. */
function problemOf(text: string): string | undefined {
  // One of these on the wrong line would hold up the screen for minutes, and no key could end it.
  if (nestedRepeat.test(text.replaceAll(/\\.|\[[^\]]*\]/g, '.'))) return 'nested repetition';
  try {
    new RegExp(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*: /, '') : String(error);
  }
}

/** Whether the text contains what is looked for; `inverse` is the caller's to mind. */
export function contains({ pattern }: LogFilter, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text);
}

/** Where in the text it is: start and end of each place, rising, none empty. */
export function placesOf({ pattern }: LogFilter, text: string): (readonly [number, number])[] {
  return [...text.matchAll(pattern)].flatMap(({ index, 0: found }) =>
    found === '' ? [] : [[index, index + found.length] as const],
  );
}

const shownLevels = ['error', 'warn', 'info', 'debug'];

/** Whether a JSON line may contain it only as it is shown: readable, the line has other words and signs than raw. */
export function needsReadable(typed: string): boolean {
  const text = typed.replace(/^!/, '').toLowerCase();
  return /[^\w./:-]/.test(text) || shownLevels.some((level) => level.includes(text));
}
