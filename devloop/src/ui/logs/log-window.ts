import type { Span } from '../../lib/spans.ts';
import type { LogBottom, LogPosition } from './log-view.ts';
import { comparePositions, type LogEntry, type MergedLines } from './merged-lines.ts';

/** The terminal rows of an entry, at least one. @param before the entry above it */
export type RowsOf = (entry: LogEntry, before: LogEntry | undefined) => readonly Span[][];

export interface LogWindow {
  readonly rows: readonly Span[][];
  /** Those that show, in part at least. */
  readonly entries: readonly LogEntry[];
  /** Entries after the last one that shows. */
  readonly below: number;
}

/** What of the logs a window has in view, and where it is. */
export interface WindowPlace {
  readonly lines: MergedLines;
  readonly bottom: LogBottom | undefined;
  /** Rows. */
  readonly height: number;
  readonly rowsOf: RowsOf;
}

/** The rows that end at the bottom, or with the newest line when it is not set. */
export function logWindow({ lines, bottom, height, rowsOf }: WindowPlace): LogWindow {
  const entries = lines.upTo(bottom, height + 1);
  const rows: Span[][] = [];
  let index = entries.length - 1;
  for (let cut = cutOf(bottom, entries.at(-1)); index >= 0 && rows.length < height; index -= 1, cut = 0) {
    const entry = entries[index] as LogEntry;
    const own = rowsOf(entry, entries[index - 1]);
    rows.unshift(...own.slice(0, Math.max(1, own.length - cut)));
  }
  // A view at the very top is filled downwards: half a screen of blanks would tell nothing. One that was frozen while
  // it followed stays as it is.
  const fills = bottom && (bottom.seq < Number.POSITIVE_INFINITY || entries.length === 0);
  if (fills && rows.length < height) return topWindow({ lines, height, rowsOf });
  const last = entries.at(-1);
  return { rows: rows.slice(-height), entries: entries.slice(index + 1), below: last ? lines.countAfter(last) : 0 };
}

/**
 * Where the bottom is after scrolling by `delta` rows, negative to go up; undefined, to follow, when that is the newest.
 * Infinite goes to the oldest line.
 */
export function scrolled(place: WindowPlace, delta: number): LogBottom | undefined {
  const top = topBottom(place);
  if (delta === Number.NEGATIVE_INFINITY) return followedAtEnd(place, top);
  const newest = place.lines.upTo(undefined, 1)[0];
  const from = laterOf(place.bottom ?? newest, top);
  if (!from) return undefined;
  return followedAtEnd(place, delta < 0 ? laterOf(upBy(place, from, -delta), top) : downBy(place, from, delta));
}

/** The bottom that brings the position into view, where it is not; else the window stays, frozen. */
export function revealed(place: WindowPlace, position: LogPosition): LogBottom | undefined {
  const { lines, height, rowsOf } = place;
  const { entries } = logWindow(place);
  const last = entries.at(-1);
  if (entries.some((entry) => comparePositions(entry, position) === 0)) return place.bottom ?? plain(last);
  let room = Math.floor(height / 2);
  let bottom: LogBottom = position;
  for (const entry of lines.after(position, room)) {
    room -= rowsOf(entry, undefined).length;
    if (room < 0) break;
    bottom = entry;
  }
  return plain(laterOf(bottom, topBottom(place)));
}

/** The bottom moved down to the end of its group, where that is near: a stack trace is not split without need. */
export function keptTogether({ lines, height }: WindowPlace, bottom: LogBottom | undefined): LogBottom | undefined {
  if (!bottom || bottom.cut) return bottom;
  const most = Math.max(1, Math.floor(height / 2));
  const rest = lines.after(bottom, most + 1).filter(({ group }) => group === bottom.group);
  return rest.length === 0 || rest.length > most ? bottom : plain(rest.at(-1));
}

/** The window that begins with the oldest line. */
function topWindow({ lines, height, rowsOf }: Omit<WindowPlace, 'bottom'>): LogWindow {
  const rows: Span[][] = [];
  const entries: LogEntry[] = [];
  for (const entry of lines.after(undefined, height)) {
    if (rows.length >= height) break;
    rows.push(...rowsOf(entry, entries.at(-1)));
    entries.push(entry);
  }
  const last = entries.at(-1);
  return { rows: rows.slice(0, height), entries, below: last ? lines.countAfter(last) : 0 };
}

/** The bottom of the window that begins with the oldest line: none is above it. */
function topBottom({ lines, height, rowsOf }: WindowPlace): LogBottom | undefined {
  let left = height;
  let last: LogEntry | undefined;
  for (const entry of lines.after(undefined, height)) {
    const count = rowsOf(entry, last).length;
    last = entry;
    if (count >= left) return plain(entry, count - left);
    left -= count;
  }
  return plain(last);
}

function upBy({ lines, rowsOf }: WindowPlace, from: LogBottom, delta: number): LogBottom | undefined {
  const entries = lines.upTo(from, delta + 1).reverse();
  let left = delta;
  let cut = cutOf(from, entries[0]);
  for (const [index, entry] of entries.entries()) {
    const visible = rowsOf(entry, entries[index + 1]).length - cut;
    if (left < visible) return plain(entry, cut + left);
    left -= visible;
    cut = 0;
  }
  return plain(entries.at(-1));
}

function downBy({ lines, rowsOf }: WindowPlace, from: LogBottom, delta: number): LogBottom | undefined {
  const cut = from.cut ?? 0;
  if (delta < cut) return { ...from, cut: cut - delta };
  let left = delta - cut;
  let last: LogPosition = from;
  for (const entry of left > 0 ? lines.after(from, left) : []) {
    const count = rowsOf(entry, undefined).length;
    if (left < count) return plain(entry, count - left);
    left -= count;
    last = entry;
  }
  return plain(last);
}

/** To be at the newest line is to follow. */
function followedAtEnd({ lines }: WindowPlace, bottom: LogBottom | undefined): LogBottom | undefined {
  if (!bottom || bottom.cut) return bottom;
  return lines.countAfter(bottom) === 0 ? undefined : bottom;
}

function laterOf(a: LogBottom | undefined, b: LogBottom | undefined): LogBottom | undefined {
  if (!a || !b) return a ?? b;
  const order = comparePositions(a, b) || (b.cut ?? 0) - (a.cut ?? 0);
  return order < 0 ? b : a;
}

/** Rows to leave out of the last entry: only where that is the line that the view was frozen at. */
const cutOf = (bottom: LogBottom | undefined, last: LogEntry | undefined): number =>
  bottom?.cut && last && comparePositions(bottom, last) === 0 ? bottom.cut : 0;

const plain = (position: LogPosition | undefined, cut = 0): LogBottom | undefined =>
  position && { group: position.group, seq: position.seq, ...(cut > 0 && { cut }) };
