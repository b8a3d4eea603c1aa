import { sanitizeLine } from './sanitize.ts';

/** A text of any number of lines as harmless lines, empty ones left out. */
export const messageLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => sanitizeLine(line).trimEnd())
    .filter((line) => line !== '');

/** A text of any number of lines as one row. */
export const messageRow = (text: string): string =>
  messageLines(text)
    .map((line) => line.trim())
    .join(' ');
