import { paint, type Style } from './paint.ts';
import { textWidth, truncate } from './text-width.ts';

/** A piece of one terminal row and how it looks. */
export interface Span extends Style {
  readonly text: string;
}

export const span = (text: string, style: Style = {}): Span => ({ text, ...style });

export const spansWidth = (spans: readonly Span[]): number => spans.reduce((sum, { text }) => sum + textWidth(text), 0);

/** The spans cut to at most `width` columns; the cut shows as `…`. */
export function fitSpans(spans: readonly Span[], width: number): Span[] {
  if (spansWidth(spans) <= width) return [...spans];
  const out: Span[] = [];
  let left = width;
  for (const piece of spans) {
    const needed = textWidth(piece.text);
    if (needed >= left) {
      // One more column than there is makes the cut visible even when this piece itself would just fit.
      out.push({ ...piece, text: truncate(`${piece.text} `, left) });
      break;
    }
    out.push(piece);
    left -= needed;
  }
  return out;
}

/** Left and right spans at the two ends of a row of exactly `width` columns; the left ones give way. */
export function spread(left: readonly Span[], right: readonly Span[], width: number): Span[] {
  const rightWidth = spansWidth(right);
  const cut = fitSpans(left, Math.max(0, width - rightWidth - 1));
  const gap = Math.max(0, width - rightWidth - spansWidth(cut));
  return fitSpans([...cut, span(' '.repeat(gap)), ...right], width);
}

/** The spans as text, with escape codes when `color` is set. */
export const renderSpans = (spans: readonly Span[], color: boolean): string =>
  spans.map((piece) => (color ? paint(piece.text, piece) : piece.text)).join('');
