import { formatDuration } from '../lib/duration.ts';
import { messageRow } from '../lib/message-lines.ts';
import type { Color } from '../lib/paint.ts';
import { type Span, span } from '../lib/spans.ts';
import { fit, textWidth } from '../lib/text-width.ts';
import { wallTime } from '../lib/time-text.ts';
import type { ProbeResult } from '../model/pod.ts';
import type { ServiceRow } from '../state/service-row.ts';
import type { Phase } from '../state/service-summary.ts';
import type { Columns } from './service-columns.ts';
import { urlSpans } from './url-spans.ts';

const looks: Readonly<Record<Phase, { readonly glyph: string; readonly color?: Color }>> = {
  waiting: { glyph: '○' },
  building: { glyph: '◔', color: 'yellow' },
  deploying: { glyph: '◑', color: 'yellow' },
  updating: { glyph: '◑', color: 'yellow' },
  starting: { glyph: '◕', color: 'yellow' },
  ready: { glyph: '●', color: 'green' },
  failed: { glyph: '✗', color: 'red' },
};

/** @param now epoch milliseconds, for how long a build or deploy has been running */
export function rowSpans(row: ServiceRow, columns: Columns, selected: boolean, now: number): Span[] {
  const { glyph, color } = looks[row.phase];
  const style = color ? { color } : {};
  const pods = row.wanted === 0 && row.ready === 0 ? '-' : `${row.ready}/${row.wanted}`;
  return [
    span(selected ? '› ' : '  ', { bold: true, color: 'cyan' }),
    span(`${glyph} `, style),
    span(`${fit(row.name, columns.name - 2)}  `, { bold: selected }),
    span(fit(row.phase, columns.phase), style),
    span(fit(pods, columns.pods)),
    span(fit(row.restarts > 0 ? String(row.restarts) : '', columns.restarts), { color: 'yellow' }),
    ...probeSpans(row.probes, columns),
    span(
      `${fit(detailText(row, columns.detail - 1, now), columns.detail - 1)} `,
      row.phase === 'failed' ? { color: 'red' } : {},
    ),
    ...urlSpans(row, columns.longUrl),
  ];
}

function probeSpans(results: readonly ProbeResult[], { probes, lastProbe }: Columns): Span[] {
  if (probes === 0) return [];
  const strip = results.slice(1 - probes);
  const marks = strip.map(({ ok }) => (ok ? span('•', { color: 'green' }) : span('✗', { color: 'red' })));
  const last = results.at(-1);
  const style: Partial<Span> = last?.ok === false ? { color: 'red' } : { dim: true };
  return [
    span(' '.repeat(probes - 1 - strip.length)),
    ...marks,
    span(fit(last ? ` ${lastResult(last)}` : '', lastProbe + 1), style),
  ];
}

function lastResult({ ok, code, latency, from }: ProbeResult): string {
  const answer = code === undefined ? (ok ? 'ok' : 'fail') : String(code);
  // The kubelet reports that a probe failed, not how long it took.
  return from === 'kubelet' ? answer : `${answer} ${formatDuration(latency)}`;
}

/** Why it is not ready, or else the last update: which edit, after how long and when, as much as fits. */
function detailText(row: ServiceRow, width: number, now: number): string {
  const { reason, live, nextEdit, busySince, phase } = row;
  if (phase === 'ready') {
    const broken = row.forwards.find(({ status }) => status === 'failed');
    if (broken) return `port ${broken.local}: ${messageRow(broken.why ?? 'cannot be forwarded')}`;
    if (!live) return messageRow(reason);
    const time = wallTime(live.at);
    if (live.edit === 0) return `since ${time}`;
    const update = `edit ${live.edit} in ${formatDuration(live.total)}`;
    return textWidth(update) + time.length + 2 <= width ? `${update}, ${time}` : update;
  }
  const edit = nextEdit === undefined ? [] : [`edit ${nextEdit}`];
  const age = busySince === undefined || now - busySince < 1000 ? [] : [`${Math.floor((now - busySince) / 1000)} s`];
  return [...edit, ...age, messageRow(reason)].join(' · ');
}
