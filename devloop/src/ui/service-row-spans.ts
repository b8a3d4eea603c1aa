import { formatDuration } from '../lib/duration.ts';
import { messageRow } from '../lib/message-lines.ts';
import type { Style } from '../lib/paint.ts';
import { type Span, span, spansWidth } from '../lib/spans.ts';
import { fit, textWidth, truncate } from '../lib/text-width.ts';
import { wallTime } from '../lib/time-text.ts';
import { phaseLook } from '../state/phase-look.ts';
import type { ServiceRow } from '../state/service-row.ts';
import type { Phase } from '../state/service-summary.ts';
import { probeSpans } from './probe-spans.ts';
import type { Columns } from './service-columns.ts';
import { urlSpans } from './url-spans.ts';
import { cpuSpans, memorySpans } from './usage-spans.ts';

export interface RowLook {
  readonly selected: boolean;
  /** A problem has come up since the user last looked at the service. */
  readonly unread: boolean;
  /** The cluster does not answer: what was seen last need not be so any more. */
  readonly lost: boolean;
  /** Epoch milliseconds, for how long a build or deploy has been running. */
  readonly now: number;
}

export function rowSpans(row: ServiceRow, columns: Columns, { selected, unread, lost, now }: RowLook): Span[] {
  const isUnknown = lost && seenInCluster.has(row.phase);
  const { glyph, word, style } = isUnknown
    ? unknown
    : { glyph: phaseLook[row.phase].glyph, word: row.phase, style: styleOf(row.phase) };
  const pods = row.wanted === 0 && row.ready === 0 ? '-' : `${row.ready}/${row.wanted}`;
  const { usage, limits } = row;
  const figures = [
    span(fit(pods, columns.pods)),
    span(columns.restarts > 0 ? fit(restartsText(row.restarts), columns.restarts) : '', { color: 'yellow' }),
    ...probeSpans(row, columns.probes, columns.lastProbe),
    ...cpuSpans(usage, limits, { graph: columns.cpuGraph, figure: columns.cpu }),
    ...memorySpans(usage, limits, { graph: columns.memoryGraph, figure: columns.memory }),
  ];
  const detail = isUnknown ? lostText(row, columns.detail) : detailText(row, columns.detail, now);
  return [
    span(selected ? '›' : ' ', { bold: true, color: 'cyan' }),
    span(unread ? '!' : ' ', { bold: true, color: 'yellow' }),
    span(`${glyph} `, style),
    span(`${fit(row.name, columns.name - 2)}  `, { bold: selected }),
    span(fit(word, columns.phase), style),
    ...(isUnknown ? faded(figures) : figures),
    ...filled(urlSpans(row, columns.longUrl, columns.url), columns.url),
    span(detail, isUnknown ? { dim: true } : row.phase === 'failed' ? { color: 'red' } : {}),
  ];
}

function restartsText(restarts: number): string {
  if (restarts === 0) return '';
  return restarts > 99 ? '99+' : String(restarts);
}

const styleOf = (phase: Phase): Style => {
  const { color } = phaseLook[phase];
  return color ? { color } : {};
};

/** Phases that only the cluster can tell; of the others devloop knows itself. */
const seenInCluster: ReadonlySet<Phase> = new Set(['deploying', 'updating', 'starting', 'ready']);
const unknown = { glyph: '?', word: 'unknown', style: { dim: true } } as const;

const faded = (spans: readonly Span[]): Span[] => spans.map(({ text }) => span(text, { dim: true }));

const filled = (spans: readonly Span[], width: number): Span[] => [
  ...spans,
  span(' '.repeat(Math.max(0, width - spansWidth(spans)))),
];

function lostText({ phase }: ServiceRow, width: number): string {
  const short = `was ${phase}`;
  const long = `${short} when the cluster was lost`;
  return textWidth(long) <= width ? long : cut(short, width);
}

/** Why it is not ready, or else the last update, cut to so many columns. */
function detailText(row: ServiceRow, width: number, now: number): string {
  const { reason, live, nextEdit, busySince, phase } = row;
  if (phase === 'ready') {
    const broken = row.forwards.find(({ status, why }) => status === 'failed' || why !== undefined);
    if (broken) return cut(`port ${broken.local}: ${messageRow(broken.why ?? 'cannot be forwarded')}`, width);
    return live ? updateText(live, width) : cut(messageRow(reason), width);
  }
  const edit = nextEdit === undefined ? [] : [`edit ${nextEdit}`];
  const age = busySince === undefined || now - busySince < 1000 ? [] : [`${Math.floor((now - busySince) / 1000)} s`];
  return cut([...edit, ...age, messageRow(reason)].join(' · '), width);
}

/** How the newest edit came to the pods, after how long and when, as much as fits. A time needs no timer; an age would. */
function updateText({ edit, by, at, total }: NonNullable<ServiceRow['live']>, width: number): string {
  const time = wallTime(at);
  if (edit === 0) return `since ${time}`;
  const duration = formatDuration(total);
  const how = `${by === 'sync' ? 'synced' : 'built'} in ${duration}, edit ${edit}`;
  const forms = [`${how}, ${time}`, how, `edit ${edit} in ${duration}`];
  return forms.find((form) => textWidth(form) <= width) ?? cut(`edit ${edit}`, width);
}

/**
 * Cut where it does not fit: behind a word, where there is one in the second half, and never in the middle of a figure:
 * `exit code 137` is not to show as `exit code 13…`.
 */
function cut(text: string, width: number): string {
  const short = truncate(text, width);
  if (short === text) return text;
  const kept = short.slice(0, -1);
  const space = text[kept.length] === ' ' ? kept.length : kept.lastIndexOf(' ');
  if (space >= width / 2) return `${kept.slice(0, space).replace(/[ ·,:(]+$/, '')}…`;
  const isInFigure = /\d[.,:]?$/.test(kept) && /^[.,:]?\d/.test(text.slice(kept.length));
  return `${isInFigure ? kept.replace(/ *\d[\d.,:]*$/, '') : kept}…`;
}
