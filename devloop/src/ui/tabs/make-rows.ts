import { messageLines, messageRow } from '../../lib/message-lines.ts';
import type { Style } from '../../lib/paint.ts';
import { fitSpans, type Span, span, spansWidth } from '../../lib/spans.ts';
import { truncate, wrapText } from '../../lib/text-width.ts';
import type { TabRow } from './tab-row.ts';

interface RowOptions {
  /** Default: the text of the spans. */
  readonly copy?: string;
  readonly key?: string;
}

export const blank: TabRow = { spans: [] };

/** One row, cut at its end to the columns. */
export function row(spans: readonly Span[], columns: number, { copy, key }: RowOptions = {}): TabRow {
  const whole = copy ?? spans.map(({ text }) => text).join('');
  return { spans: fitSpans(spans, columns), copy: whole.trim(), ...(key !== undefined && { key }) };
}

export const heading = (text: string, columns: number, note = ''): TabRow =>
  row([span(text, { bold: true }), ...(note === '' ? [] : [span(`  ${note}`, { dim: true })])], columns);

/**
 * A text behind a prefix, wrapped into the room beside it; under the prefix instead when that leaves little room. What
 * is more than `most` rows is cut.
 * @param prefix shows on the first row only
 */
export function wrapped(
  prefix: readonly Span[],
  text: string,
  style: Style,
  columns: number,
  { most = 4, copy, key }: RowOptions & { readonly most?: number } = {},
): TabRow[] {
  const used = spansWidth(prefix);
  const isBeside = columns - used >= 24;
  const indent = isBeside ? used : 4;
  const room = columns - indent;
  const lines = messageLines(text).flatMap((line) => wrapText(line, room));
  const shown = lines.slice(0, most);
  if (lines.length > most) shown[most - 1] = truncate(`${shown[most - 1]} …`, room).replace(/ ?…+$/, '…');
  const whole = copy ?? `${prefix.map((piece) => piece.text).join('')}${messageRow(text)}`;
  const [first = '', ...others] = isBeside ? shown : ['', ...shown];
  const texts = others.map((line) => [span(' '.repeat(indent)), span(line, style)]);
  return [[...prefix, span(first, style)], ...texts].map((spans, index) =>
    row(spans, columns, { copy: whole, ...(key !== undefined && { key: index === 0 ? key : `${key}/${index}` }) }),
  );
}

/** What an empty tab says. */
export const emptyRows = (text: string, columns: number): TabRow[] =>
  wrapped([], text, { dim: true }, columns).map(({ spans }) => ({ spans }));
