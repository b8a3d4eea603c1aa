import { type Span, span, spansWidth } from '../lib/spans.ts';
import { fit, textWidth } from '../lib/text-width.ts';
import type { ServiceRow } from '../state/service-row.ts';
import { urlSpans } from './url-spans.ts';

/** Widths in terminal columns with the gap after each; 0 leaves a column out. */
export interface Columns {
  /** The marker of the selected row, and the phase's glyph. */
  readonly marks: number;
  readonly name: number;
  readonly phase: number;
  readonly pods: number;
  readonly restarts: number;
  /** The strip of probe results, newest right. */
  readonly probes: number;
  readonly lastProbe: number;
  /** What the others leave. */
  readonly detail: number;
  readonly url: number;
  /** Whether URLs show whole, or as the port only. */
  readonly longUrl: boolean;
}

/** What fits: always name, phase, pods, detail and port; the probes and whole URLs on wider terminals. */
export function columnsFor(width: number, rows: readonly ServiceRow[]): Columns {
  const longest = Math.max('SERVICE'.length, ...rows.map(({ name }) => textWidth(name)));
  const longUrl = width >= 100;
  const url = Math.max(0, ...rows.map((row) => spansWidth(urlSpans(row, longUrl))));
  const hasProbes = width >= 76 && rows.some((row) => row.probes.length > 0);
  const fixed = {
    marks: 4,
    name: Math.min(longest, longUrl ? 28 : 16) + 2,
    phase: 10,
    pods: 6,
    restarts: rows.some((row) => row.restarts > 0) ? 4 : 0,
    probes: hasProbes ? stripWidth(width) + 1 : 0,
    lastProbe: hasProbes ? 12 : 0,
    url,
  };
  const used = Object.values(fixed).reduce((sum, each) => sum + each, 0);
  return { ...fixed, longUrl, detail: Math.max(10, width - used) };
}

function stripWidth(width: number): number {
  if (width >= 140) return 16;
  return width >= 100 ? 10 : 5;
}

/** The names of the columns. @param note which of the services show, where not all do */
export function headingSpans(columns: Columns, note: string): Span[] {
  const cells: readonly (readonly [string, number])[] = [
    ['', columns.marks],
    ['SERVICE', columns.name],
    ['STATUS', columns.phase],
    ['PODS', columns.pods],
    ['↻', columns.restarts],
    ['PROBES', columns.probes + columns.lastProbe],
    [note === '' ? 'LAST' : `LAST (${note})`, columns.detail],
    ['URL', columns.url],
  ];
  return [span(cells.map(([text, width]) => fit(text, width)).join(''), { dim: true })];
}
