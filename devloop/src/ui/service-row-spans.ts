import { formatDuration } from '../lib/duration.ts';
import { messageRow } from '../lib/message-lines.ts';
import { type Span, span } from '../lib/spans.ts';
import { fit, textWidth, truncate } from '../lib/text-width.ts';
import { wallTime } from '../lib/time-text.ts';
import { phaseLook } from '../state/phase-look.ts';
import type { ServiceRow } from '../state/service-row.ts';
import { probeSpans } from './probe-spans.ts';
import type { Columns } from './service-columns.ts';
import { urlSpans } from './url-spans.ts';
import { cpuSpans, memorySpans } from './usage-spans.ts';

export interface RowLook {
  readonly selected: boolean;
  /** A problem has come up since the user last looked at the service. */
  readonly unread: boolean;
  /** Epoch milliseconds, for how long a build or deploy has been running. */
  readonly now: number;
}

export function rowSpans(row: ServiceRow, columns: Columns, { selected, unread, now }: RowLook): Span[] {
  const { glyph, color } = phaseLook[row.phase];
  const style = color ? { color } : {};
  const pods = row.wanted === 0 && row.ready === 0 ? '-' : `${row.ready}/${row.wanted}`;
  const { usage, limits } = row;
  return [
    span(selected ? '›' : ' ', { bold: true, color: 'cyan' }),
    span(unread ? '!' : ' ', { bold: true, color: 'yellow' }),
    span(`${glyph} `, style),
    span(`${fit(row.name, columns.name - 2)}  `, { bold: selected }),
    span(fit(row.phase, columns.phase), style),
    span(fit(pods, columns.pods)),
    span(columns.restarts > 0 ? fit(restartsText(row.restarts), columns.restarts) : '', { color: 'yellow' }),
    ...probeSpans(row.probes, columns.probes, columns.lastProbe),
    ...cpuSpans(usage, limits, { graph: columns.cpuGraph, figure: columns.cpu }),
    ...memorySpans(usage, limits, { graph: columns.memoryGraph, figure: columns.memory }),
    span(
      `${fit(detailText(row, columns.detail - 1, now), columns.detail - 1)} `,
      row.phase === 'failed' ? { color: 'red' } : {},
    ),
    ...urlSpans(row, columns.longUrl, columns.url),
  ];
}

function restartsText(restarts: number): string {
  if (restarts === 0) return '';
  return restarts > 99 ? '99+' : String(restarts);
}

/** Why it is not ready, or else the last update, cut to so many columns. */
function detailText(row: ServiceRow, width: number, now: number): string {
  const { reason, live, nextEdit, busySince, phase } = row;
  if (phase === 'ready') {
    const broken = row.forwards.find(({ status }) => status === 'failed');
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

/** Cut where it does not fit, but never in the middle of a figure: `exit code 137` is not to show as `exit code 13…`. */
function cut(text: string, width: number): string {
  const short = truncate(text, width);
  if (short === text) return text;
  const kept = short.slice(0, -1);
  const isInFigure = /\d[.,:]?$/.test(kept) && /^[.,:]?\d/.test(text.slice(kept.length));
  return `${isInFigure ? kept.replace(/\d[\d.,:]*$/, '') : kept}…`;
}
