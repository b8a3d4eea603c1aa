import { messageLines } from '../lib/message-lines.ts';
import type { Style } from '../lib/paint.ts';
import type { Problem } from '../model/errors.ts';

/** One line to print. */
export interface PlainLine {
  /** Not set for a line about the whole loop. */
  readonly service?: string;
  readonly text: string;
  readonly style?: Style;
}

/** A line for a service, or for the whole loop where there is none. */
export const line = (service: string | undefined, text: string, style?: Style): PlainLine => ({
  ...(service !== undefined && { service }),
  text,
  ...(style && { style }),
});

/** A problem under a first line that says how long the work took, or that has just the title. */
export function problemLines(service: string | undefined, title: string, problem: Problem): PlainLine[] {
  const fix = problem.fix === undefined ? [] : messageLines(problem.fix);
  return [
    line(service, `✗ ${title}`, { color: 'red' }),
    ...messageLines(problem.why).map((text) => line(service, `  ${text}`)),
    ...evidenceLines(service, problem.evidence ?? []),
    ...fix.map((text, index) => line(service, `  ${index === 0 ? '→' : ' '} ${text}`)),
  ];
}

/** Foreign output, indented. */
export const evidenceLines = (service: string | undefined, output: readonly string[]): PlainLine[] =>
  output.flatMap(messageLines).map((text) => outputLine(service, text));

/** One line of foreign output. */
export const outputLine = (service: string | undefined, text: string): PlainLine =>
  line(service, `    │ ${text}`, { dim: true });
