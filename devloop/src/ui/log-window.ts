import { wrapText } from '../lib/text-width.ts';
import type { KeptLine } from '../state/log-store.ts';

/** One terminal row of a log line. */
export interface LogRow {
  readonly line: KeptLine;
  readonly text: string;
  /** False for the rows after a wrapped line's first. */
  readonly first: boolean;
}

export interface LogWindow {
  readonly rows: readonly LogRow[];
  /** Lines after the last one that shows. */
  readonly below: number;
}

/** Lines that contain the text, in any case. */
export function matchingLines(lines: readonly KeptLine[], filter: string): readonly KeptLine[] {
  if (filter === '') return lines;
  const wanted = filter.toLowerCase();
  return lines.filter((line) => line.text.toLowerCase().includes(wanted));
}

/**
 * The rows that end at the line `bottom`, or at the newest line when it is undefined.
 * @param wrapAt columns to wrap at; undefined to leave each line one row
 */
export function logWindow(
  lines: readonly KeptLine[],
  { bottom, height, wrapAt }: { bottom: number | undefined; height: number; wrapAt: number | undefined },
): LogWindow {
  const last = lastIndex(lines, bottom);
  // A view at the very top is filled downwards: half a screen of blanks would tell nothing.
  const end = Math.min(lines.length - 1, Math.max(last, height - 1));
  const rows: LogRow[] = [];
  for (let index = end; index >= 0 && rows.length < height; index -= 1) {
    const line = lines[index];
    if (!line) break;
    const texts = wrapAt === undefined ? [line.text] : wrapText(line.text, wrapAt);
    rows.unshift(...texts.map((text, part) => ({ line, text, first: part === 0 })));
  }
  return { rows: rows.slice(-height), below: lines.length - 1 - end };
}

/**
 * Where the bottom is after scrolling by `delta` lines; undefined, to follow, when that is the newest line.
 * @param height rows of the window
 */
export function scrolled(
  lines: readonly KeptLine[],
  bottom: number | undefined,
  delta: number,
  height: number,
): number | undefined {
  const target = Math.max(lastIndex(lines, bottom) + delta, Math.min(height, lines.length) - 1);
  return target >= lines.length - 1 ? undefined : lines[target]?.seq;
}

function lastIndex(lines: readonly KeptLine[], bottom: number | undefined): number {
  if (bottom === undefined) return lines.length - 1;
  return lines.findLastIndex(({ seq }) => seq <= bottom);
}
