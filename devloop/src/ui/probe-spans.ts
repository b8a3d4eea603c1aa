import { formatDuration } from '../lib/duration.ts';
import { type Span, span } from '../lib/spans.ts';
import { fit } from '../lib/text-width.ts';
import type { ProbeResult } from '../model/pod.ts';

/** How high the bar of a passed probe is: up to so many milliseconds. */
const bars = [
  { upTo: 50, bar: '▂' },
  { upTo: 250, bar: '▃' },
  { upTo: 1000, bar: '▄' },
] as const;
const slowest = '▅';

/**
 * The code and latency of the newest probe result, and a strip of the results, oldest left: a bar for each that passed,
 * higher the longer it took, `✗` for each that failed.
 * @param strip columns of the strip with the gap after it; 0 leaves both out
 * @param last columns of code and latency with the gap after them
 */
export function probeSpans(results: readonly ProbeResult[], strip: number, last: number): Span[] {
  if (strip === 0) return [];
  const shown = results.slice(1 - strip);
  const marks = shown.map((result) =>
    result.ok ? span(barOf(result), { color: 'green' }) : span('✗', { color: 'red' }),
  );
  const newest = results.at(-1);
  const style: Partial<Span> = newest?.ok === false ? { color: 'red' } : { dim: true };
  const text = newest ? resultText(newest, results) : '';
  return [span(fit(text, last), style), ...marks, span(' '.repeat(strip - shown.length))];
}

const barOf = ({ latency }: ProbeResult): string => bars.find(({ upTo }) => latency < upTo)?.bar ?? slowest;

function resultText(newest: ProbeResult, results: readonly ProbeResult[]): string {
  const { ok, code, from } = newest;
  const answer = code === undefined ? (ok ? 'ok' : 'fail') : String(code);
  // The kubelet reports that a probe failed, not how long it took.
  return from === 'kubelet' ? answer : `${answer} ${formatDuration(latencyOf(newest, results))}`;
}

/** From its usual latency a probe strays by so much, in milliseconds or as a part of it, without telling anything. */
const usualStray = 5;
const usualPart = 0.5;
/** So many results say what is usual. */
const fewestUsual = 10;

/** Its own latency; the usual one of such results where it is near that, or an idle screen would be drawn for ever. */
function latencyOf({ ok, latency }: ProbeResult, results: readonly ProbeResult[]): number {
  const alike = results.filter((result) => result.ok === ok && result.from === 'devloop');
  if (alike.length < fewestUsual) return latency;
  const sorted = alike.map((result) => result.latency).sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? latency;
  return Math.abs(latency - usual) <= Math.max(usualStray, usual * usualPart) ? usual : latency;
}
