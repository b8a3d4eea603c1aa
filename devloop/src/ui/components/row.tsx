import { Text } from 'ink';
import { createElement, Fragment, memo, useContext } from 'react';
import { fitSpans, renderSpans, type Span } from '../../lib/spans.ts';
import { ScreenContext } from '../hooks.ts';

/** One row of the terminal: cut to its width, never wrapped. */
export function Row({ spans }: { readonly spans: readonly Span[] }) {
  const { columns, color } = useContext(ScreenContext);
  return <Line text={renderSpans(fitSpans(spans, columns), color)} />;
}

/** Ink draws the whole screen when React has made any text anew, be it the same: so an equal one is not made. */
const Line = memo(function Line({ text }: { readonly text: string }) {
  // Ink gives an empty text no row at all.
  return <Text wrap="truncate-end">{text || ' '}</Text>;
});

/**
 * Rows of the terminal, each known by its position. One text node a row: Ink remembers the size of thousands of texts
 * by their content, and rows come back where whole screens do not.
 */
export function Rows({ rows }: { readonly rows: readonly (readonly Span[])[] }) {
  return createElement(Fragment, undefined, ...rows.map((spans) => createElement(Row, { spans })));
}
