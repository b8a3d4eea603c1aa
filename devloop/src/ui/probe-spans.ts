import { formatDuration } from '../lib/duration.ts';
import { type Span, span } from '../lib/spans.ts';
import { fit } from '../lib/text-width.ts';
import type { ProbeResult } from '../model/pod.ts';

/** How high the bar of a passed probe is: up to so many milliseconds. */
const bars = [
  { upTo: 10, bar: '▂' },
  { upTo: 100, bar: '▃' },
  { upTo: 1000, bar: '▄' },
] as const;
const slowest = '▅';

/**
 * A strip of probe results, oldest left: a bar for each that passed, higher the longer it took, `✗` for each that failed;
 * and the last one's code and latency. @param strip @param last columns with the gap after each
 */
export function probeSpans(results: readonly ProbeResult[], strip: number, last: number): Span[] {
  if (strip === 0) return [];
  const shown = results.slice(1 - strip);
  const marks = shown.map((result) =>
    result.ok ? span(barOf(result), { color: 'green' }) : span('✗', { color: 'red' }),
  );
  const newest = results.at(-1);
  const style: Partial<Span> = newest?.ok === false ? { color: 'red' } : { dim: true };
  const text = newest ? lastResult(newest) : '';
  return [span(' '.repeat(strip - 1 - shown.length)), ...marks, span(' '), span(fit(text, last), style)];
}

const barOf = ({ latency }: ProbeResult): string => bars.find(({ upTo }) => latency < upTo)?.bar ?? slowest;

function lastResult({ ok, code, latency, from }: ProbeResult): string {
  const answer = code === undefined ? (ok ? 'ok' : 'fail') : String(code);
  // The kubelet reports that a probe failed, not how long it took.
  return from === 'kubelet' ? answer : `${answer} ${formatDuration(latency)}`;
}
