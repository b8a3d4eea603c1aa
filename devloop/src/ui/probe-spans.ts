import { formatDuration } from '../lib/duration.ts';
import { type Span, span } from '../lib/spans.ts';
import { fit } from '../lib/text-width.ts';
import type { ProbeResult } from '../model/pod.ts';
import type { ServiceRow } from '../state/service-row.ts';

/**
 * How high the bar of a passed probe is: up to so many milliseconds. All that is fast looks the same: what a healthy
 * program takes changes from one probe to the next, and the strip is to stay as it is then.
 */
const bars = [
  { upTo: 250, bar: '▂' },
  { upTo: 1000, bar: '▄' },
] as const;
const slowest = '▅';

/**
 * The code and latency of the newest probe result, and a strip of the results, oldest left: a bar for each that passed,
 * higher the longer it took, `✗` for each that failed.
 * @param strip columns of the strip with the gap after it; 0 leaves both out
 * @param last columns of code and latency with the gap after them
 */
export function probeSpans(
  { probes: results, usualLatency }: Pick<ServiceRow, 'probes' | 'usualLatency'>,
  strip: number,
  last: number,
): Span[] {
  if (strip === 0) return [];
  const shown = results.slice(1 - strip);
  const marks = shown.map((result) =>
    result.ok ? span(barOf(result.latency), { color: 'green' }) : span('✗', { color: 'red' }),
  );
  const newest = results.at(-1);
  const style: Partial<Span> = newest?.ok === false ? { color: 'red' } : { dim: true };
  const text = newest ? resultText(newest, usualLatency) : '';
  return [span(fit(text, last), style), ...marks, span(' '.repeat(strip - shown.length))];
}

const barOf = (latency: number): string => bars.find(({ upTo }) => latency < upTo)?.bar ?? slowest;

function resultText(newest: ProbeResult, usual: number | undefined): string {
  const { ok, code, from } = newest;
  const answer = code === undefined ? (ok ? 'ok' : 'fail') : String(code);
  // The kubelet reports that a probe failed, not how long it took.
  return from === 'kubelet' ? answer : `${answer} ${formatDuration(latencyOf(newest, usual))}`;
}

/** The usual one where the result's own is of the same height, or an idle screen would be drawn for ever. */
const latencyOf = ({ ok, latency }: ProbeResult, usual: number | undefined): number =>
  ok && usual !== undefined && barOf(latency) === barOf(usual) ? usual : latency;
