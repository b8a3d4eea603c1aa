import { formatDuration } from '../../lib/duration.ts';
import { colorOfIndex } from '../../lib/paint.ts';
import { markPlaces, sliceSpans } from '../../lib/span-pieces.ts';
import { type Span, span } from '../../lib/spans.ts';
import { fit, textWidth, wrapText } from '../../lib/text-width.ts';
import { wallTime } from '../../lib/time-text.ts';
import { levelOfGroup } from './group-level.ts';
import { type LevelLook, levelLooks, lineContent } from './line-content.ts';
import { type LogFilter, placesOf } from './log-filter.ts';
import type { LogPosition, LogView } from './log-view.ts';
import type { RowsOf } from './log-window.ts';
import { comparePositions, type LogEntry } from './merged-lines.ts';
import { type OriginLabels, originLabel } from './origin-label.ts';

/** How log lines look in a view. */
export interface LogLook {
  readonly timestamps: LogView['timestamps'];
  readonly raw: boolean;
  readonly wrap: boolean;
  /** What is written before each line, and how wide. */
  readonly labels: OriginLabels;
  /** All services, in the order that gives them their colours. */
  readonly names: readonly string[];
  readonly filter: LogFilter | undefined;
  readonly match: LogPosition | undefined;
  /** Of the terminal. */
  readonly columns: number;
}

/** A container's own line, the line of the container before it, devloop's work on the service, or an Event. */
const marks = { container: '│', previous: '┊', build: '▸', deploy: '▸', devloop: '▸', kubernetes: '!' } as const;
const timeWidth = 9;
const noTime = ' '.repeat(timeWidth);

/** The rows of entries in this look. */
export const rowsIn =
  (look: LogLook): RowsOf =>
  (entry, before) => {
    if (entry.kind === 'marker') return [rule(wallTime(entry.at), look.columns)];
    if (entry.kind === 'note') return [rule(entry.text, look.columns)];
    return lineRows(entry, before, look);
  };

function lineRows(entry: LogEntry & { kind: 'line' }, before: LogEntry | undefined, look: LogLook): Span[][] {
  const line = entry.stream.lineAt(entry.ordinal);
  const isHead = line.seq === line.group;
  const level = isHead ? levelOfGroup(entry.stream, entry.ordinal) : undefined;
  const parts = lineContent(line, level, look.raw).flatMap((row) => wrapped(highlighted(row, look.filter), look));

  const { mark, style }: LevelLook = level === undefined ? { style: {} } : levelLooks[level];
  const isMatch = look.match !== undefined && comparePositions(look.match, entry) === 0;
  const markSpan = isMatch
    ? span('› ', { bold: true })
    : span(`${mark ?? marks[line.source]} `, mark ? { ...style, bold: true } : { dim: true });
  const color = colorOfIndex(look.names.indexOf(line.service));
  const { width } = look.labels;
  // Lines that go on from the one above belong to it, as the rows of a wrapped line do.
  const label = width > 0 ? fit(isHead ? originLabel(line, look.labels) : '', width) : '';
  const time = look.timestamps === 'off' ? '' : isHead ? timeText(line.at, before, look.timestamps) : noTime;

  return parts.map((part, index) => [
    span(index === 0 ? time : ' '.repeat(time.length), { dim: true }),
    span(width === 0 ? '' : index === 0 ? `${label} ` : ' '.repeat(width + 1), { color }),
    index === 0 ? markSpan : span('│ ', { dim: true }),
    ...part,
  ]);
}

/** Columns before a line's text. */
const prefixWidth = ({ timestamps, labels }: LogLook): number =>
  (timestamps === 'off' ? 0 : timeWidth) + (labels.width > 0 ? labels.width + 1 : 0) + 2;

function wrapped(content: readonly Span[], look: LogLook): readonly (readonly Span[])[] {
  if (!look.wrap) return [content];
  const text = content.map((piece) => piece.text).join('');
  let at = 0;
  return wrapText(text, Math.max(10, look.columns - prefixWidth(look))).map((row) => {
    const start = text.indexOf(row, at);
    at = start + row.length;
    return sliceSpans(content, start, at);
  });
}

function timeText(at: number, before: LogEntry | undefined, timestamps: 'time' | 'relative'): string {
  if (timestamps === 'time') return `${wallTime(at)} `;
  if (before?.kind !== 'line') return noTime;
  const gap = Math.max(0, at - before.stream.timeAt(before.ordinal));
  return `${`+${formatDuration(gap)}`.padStart(timeWidth - 1)} `;
}

/** The text with what the filter found set off. */
const highlighted = (content: Span[], filter: LogFilter | undefined): Span[] =>
  !filter || filter.inverse ? content : markPlaces(content, placesOf(filter, content.map(({ text }) => text).join('')));

function rule(text: string, columns: number): Span[] {
  const rest = Math.max(0, columns - textWidth(text) - 6);
  return [
    span('── ', { dim: true }),
    span(text, { dim: true, bold: true }),
    span(` ──${'─'.repeat(rest)}`, { dim: true }),
  ];
}
