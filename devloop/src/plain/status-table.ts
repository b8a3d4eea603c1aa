import { messageRow } from '../lib/message-lines.ts';
import { fitSpans, renderSpans, type Span, span } from '../lib/spans.ts';
import { fit, textWidth } from '../lib/text-width.ts';
import { phaseLook } from '../state/phase-look.ts';
import type { Phase, ServiceSummary } from '../state/service-summary.ts';

/**
 * The services as a table for `devloop status`, without a newline at the end.
 * @param width columns of the terminal; rows are cut there. Infinity where there is no terminal.
 */
export function formatStatus(
  summaries: readonly ServiceSummary[],
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  if (summaries.length === 0) return 'No services.';
  const cells = summaries.map(cellsOf);
  const shown = headings.map((_, column) => column < 3 || cells.some((row) => row[column] !== ''));
  const widths = headings.map(
    (title, column) => Math.max(title.length, ...cells.map((row) => textWidth(row[column] ?? ''))) + 2,
  );
  const spansOf = (row: readonly string[], phase?: Phase): Span[] =>
    row.flatMap((text, column) => {
      if (!shown[column]) return [];
      const isLast = column === row.length - 1;
      return [styledCell(isLast ? text : fit(text, widths[column] ?? 0), column, phase)];
    });
  return [spansOf(headings), ...summaries.map(({ phase }, index) => spansOf(cells[index] ?? [], phase))]
    .map((spans) => renderSpans(fitSpans(spans, width), color).trimEnd())
    .join('\n');
}

const headings = ['SERVICE', 'STATUS', 'PODS', 'RESTARTS', 'EDIT', 'URL', 'REASON'];

const cellsOf = (row: ServiceSummary): string[] => [
  row.name,
  row.phase,
  `${row.ready}/${row.wanted}`,
  row.restarts > 0 ? String(row.restarts) : '',
  row.liveEdit === undefined ? '' : String(row.liveEdit),
  row.url ?? '',
  messageRow(row.reason),
];

function styledCell(text: string, column: number, phase: Phase | undefined): Span {
  if (phase === undefined) return span(text, { dim: true });
  const color = column === 1 ? phaseLook[phase].color : undefined;
  return span(text, color ? { color } : {});
}
