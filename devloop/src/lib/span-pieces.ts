import { type Span, span } from './spans.ts';

/** A part of the spans, by the places in their text. */
export function sliceSpans(spans: readonly Span[], start: number, end: number): Span[] {
  const out: Span[] = [];
  let at = 0;
  for (const piece of spans) {
    const text = piece.text.slice(Math.max(0, start - at), Math.max(0, end - at));
    if (text !== '') out.push({ ...piece, text });
    at += piece.text.length;
  }
  return out;
}

/** The spans with the places (start and end, rising) set off. */
export function markPlaces(spans: readonly Span[], places: readonly (readonly [number, number])[]): Span[] {
  let at = 0;
  const out: Span[] = [];
  for (const [start, end] of places) {
    const found = sliceSpans(spans, start, end).map(({ text }) => text);
    out.push(...sliceSpans(spans, at, start), span(found.join(''), { inverse: true }));
    at = end;
  }
  return [...out, ...sliceSpans(spans, at, Number.POSITIVE_INFINITY)];
}
