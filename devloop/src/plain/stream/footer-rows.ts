import { formatDuration } from '../../lib/duration.ts';
import { messageRow } from '../../lib/message-lines.ts';
import { fitSpans, type Span, span, spansWidth } from '../../lib/spans.ts';
import { phaseLook } from '../../state/phase-look.ts';
import { type Phase, type ServiceSummary, summarizeAll } from '../../state/service-summary.ts';
import type { LoopState } from '../../state/state.ts';
import { runningWork, workText } from './running-work.ts';

export interface FooterSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The rows under the stream: the services, and what is going on. Fewer on a low terminal, so that most of it is left to
 * the lines. They are no longer than what they say: when a terminal becomes narrower it wraps what is too long, and some
 * (xterm.js) then lose their place by what was wrapped below the cursor.
 * @param now epoch milliseconds
 * @param keys what ends the loop: `q quit`
 */
export function footerRows(state: LoopState, now: number, { columns, rows }: FooterSize, keys: string): Span[][] {
  // The last column stays free: some terminals wrap when it is written.
  const width = Math.max(1, columns - 1 - mark.text.length);
  const status = withKeys(statusSpans(state, now), keys, width);
  const summaries = summarizeAll(state);
  if (rows < 3) return [];
  if (rows < 6 || summaries.length === 0) return [[mark, ...status]];
  return [
    [mark, ...serviceSpans(summaries, width)],
    [blank, ...status],
  ];
}

const mark = span('── ', { dim: true });
const blank = span(' '.repeat(mark.text.length));

/** The keys at the end, whatever has to be cut. */
function withKeys(status: readonly Span[], keys: string, width: number): Span[] {
  const end = span(spansWidth(status) > 0 ? ` · ${keys}` : keys, { dim: true });
  return fitSpans([...fitSpans(status, Math.max(0, width - spansWidth([end]))), end], width);
}

const gap = span('  ');

/** All services where there is room; else those that need attention first, and how many are ready. */
function serviceSpans(summaries: readonly ServiceSummary[], width: number): Span[] {
  return fitSpans(chosenSpans(summaries, width), width);
}

function chosenSpans(summaries: readonly ServiceSummary[], width: number): Span[] {
  const all = summaries.flatMap((summary, index) => [...(index > 0 ? [gap] : []), ...serviceSpan(summary)]);
  if (spansWidth(all) <= width) return all;
  const others = summaries.filter(({ phase }) => phase !== 'ready').sort((a, b) => urgency(a.phase) - urgency(b.phase));
  const ready = summaries.length - others.length;
  const end = ready > 0 ? [gap, span(`${phaseLook.ready.glyph} ${ready} ready`, lookOf('ready'))] : [];
  const shown: Span[] = [];
  for (const [index, summary] of others.entries()) {
    const next = [...(index > 0 ? [gap] : []), ...serviceSpan(summary)];
    const more = [gap, span(`and ${others.length - index} more`)];
    if (spansWidth([...shown, ...next, ...more, ...end]) > width) return trimmed([...shown, ...more, ...end]);
    shown.push(...next);
  }
  return trimmed([...shown, ...end]);
}

const trimmed = (spans: Span[]): Span[] => (spans[0] === gap ? spans.slice(1) : spans);

const serviceSpan = ({ name, phase }: ServiceSummary): Span[] => [
  span(phaseLook[phase].glyph, lookOf(phase)),
  span(` ${name} `),
  span(phase, lookOf(phase)),
];

function lookOf(phase: Phase) {
  const { color } = phaseLook[phase];
  return color ? { color } : {};
}

const order: readonly Phase[] = ['failed', 'building', 'updating', 'deploying', 'starting', 'waiting', 'ready'];
const urgency = (phase: Phase): number => order.indexOf(phase);

function statusSpans(state: LoopState, now: number): Span[] {
  const { status, clusterLost, configProblem } = state;
  if (status === 'stopping') return [span('… stopping', { color: 'yellow' })];
  if (clusterLost !== undefined) return [span(`✗ cluster lost: ${messageRow(clusterLost)}`, { color: 'red' })];
  const work = runningWork(state);
  if (work.length > 0) return [span(work.map((each) => workText(each, now)).join(' · '), { color: 'yellow' })];
  if (configProblem) return [span(`✗ ${messageRow(configProblem.title)}`, { color: 'red' })];
  const last = Object.values(state.services)
    .flatMap(({ live }) => live ?? [])
    .sort((a, b) => b.at - a.at)[0];
  return last && last.edit > 0 ? [span(`edit ${last.edit} live in ${formatDuration(last.timing.total)}`)] : [];
}
