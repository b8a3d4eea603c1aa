import { type Span, span, spansWidth } from '../lib/spans.ts';
import { fit, textWidth } from '../lib/text-width.ts';
import type { ServiceRow } from '../state/service-row.ts';
import { urlSpans } from './url-spans.ts';

/** Widths in terminal columns with the gap after each; 0 leaves a column out. */
export interface Columns {
  /** The markers of the selected row and of unread problems, and the phase's glyph. */
  readonly marks: number;
  readonly name: number;
  readonly phase: number;
  readonly pods: number;
  readonly restarts: number;
  readonly lastProbe: number;
  /** The strip of probe results, newest right. */
  readonly probes: number;
  readonly cpu: number;
  readonly cpuGraph: number;
  readonly memory: number;
  readonly memoryGraph: number;
  readonly url: number;
  /** Whether URLs show whole, or as the port only. */
  readonly longUrl: boolean;
  /** What the others leave, without a gap after it: it is the last one. */
  readonly detail: number;
}

/** Memory with its limit: `212 of 256 MB`. */
const memoryWithLimit = 17;
/** Between the URLs and what is behind them. */
const urlGap = 2;

/**
 * What joins the columns that always show, in this order, as far as there is room: what tells least comes last. Nothing
 * here depends on what the services do at the moment, so that no column moves while figures change.
 */
const wishes: readonly Partial<Columns>[] = [
  { detail: 20 },
  { probes: 7 },
  { restarts: 4 },
  { lastProbe: 11 },
  { cpu: 6, memory: 8 },
  { cpuGraph: 7, memoryGraph: 7 },
  { detail: 36 },
  { longUrl: true },
  { probes: 12 },
  { detail: 48 },
  { cpuGraph: 13, memoryGraph: 13 },
  { memory: memoryWithLimit },
  { probes: 17 },
  { detail: 64 },
  { cpuGraph: 25, memoryGraph: 25 },
];

/** What fits: always name, phase, pods, detail and port. */
export function columnsFor(width: number, rows: readonly ServiceRow[]): Columns {
  const longest = Math.max('SERVICE'.length, ...rows.map(({ name }) => textWidth(name)));
  const digits = Math.max(1, ...rows.map(({ ready, wanted }) => String(Math.max(ready, wanted)).length));
  const room = urlRoom(width);
  // A port takes its place before it is there, so that its coming moves nothing.
  const urlWidth = (long: boolean) =>
    urlGap +
    Math.max(
      long ? 'http://localhost:4000'.length : ':4000'.length,
      ...rows.map((row) => spansWidth(urlSpans(row, long, room))),
    );
  let columns: Columns = {
    marks: 4,
    name: Math.min(longest, width >= 100 ? 28 : 16) + 2,
    phase: 10,
    pods: Math.max('PODS'.length, 2 * digits + 1) + 1,
    restarts: 0,
    lastProbe: 0,
    probes: 0,
    cpu: 0,
    cpuGraph: 0,
    memory: 0,
    memoryGraph: 0,
    url: urlWidth(false),
    longUrl: false,
    detail: 10,
  };
  for (const wish of wishes) {
    const next = { ...columns, ...wish, ...(wish.longUrl && { url: urlWidth(true) }) };
    if (widthOf(next) > width) break;
    columns = next;
  }
  return { ...columns, detail: columns.detail + Math.max(0, width - widthOf(columns)) };
}

/** What the URLs of one service may take. */
const urlRoom = (width: number): number => Math.max(12, Math.floor(width / 4));

const widthOf = ({ longUrl: _, ...widths }: Columns): number =>
  Object.values(widths).reduce((sum, each) => sum + each, 0);

/** The names of the columns. @param note how many services are above and below those that show; empty for none */
export function headingSpans(columns: Columns, note: string): Span[] {
  const cells: readonly (readonly [string, number])[] = [
    ['', columns.marks],
    ['SERVICE', columns.name],
    ['STATUS', columns.phase],
    ['PODS', columns.pods],
    ['↻', columns.restarts],
    ['PROBES', columns.lastProbe + columns.probes],
    ['CPU'.padStart(columns.cpu - 1), columns.cpu + columns.cpuGraph],
    ['MEMORY'.padStart(columns.memory - 1), columns.memory + columns.memoryGraph],
    ['URL', columns.url],
    [note === '' ? 'LAST' : `LAST  ${note}`, columns.detail],
  ];
  return [span(cells.map(([text, width]) => fit(text, width)).join(''), { dim: true })];
}
