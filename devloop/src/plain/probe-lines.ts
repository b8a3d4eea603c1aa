import { formatDuration } from '../lib/duration.ts';
import { messageRow } from '../lib/message-lines.ts';
import type { ProbeResult } from '../model/pod.ts';
import type { LoopState } from '../state/state.ts';
import { line, type PlainLine } from './plain-line.ts';

/**
 * A probe that has passed and now fails, or passes again. What a pod answers before it was ever ready is no news: what
 * it waits for is told as its phase.
 */
export function probeLines(result: ProbeResult, before: LoopState): PlainLine[] {
  const earlier = (before.pods[result.uid]?.probes ?? []).filter(
    ({ kind, container }) => kind === result.kind && container === result.container,
  );
  if (earlier.at(-1)?.ok === result.ok || !earlier.some(({ ok }) => ok)) return [];
  const { ok, kind, pod, service } = result;
  return [
    ok
      ? line(service, `${kind} probe of ${pod} passes again: ${answer(result)}`, { color: 'green' })
      : line(service, `! ${kind} probe of ${pod} fails: ${answer(result)}`, { color: 'yellow' }),
  ];
}

function answer({ ok, code, latency, detail, from }: ProbeResult): string {
  const status = code === undefined ? [] : [String(code)];
  // The kubelet reports that a probe failed, not how long it took.
  const time = from === 'kubelet' ? [] : [`${ok ? 'in' : 'after'} ${formatDuration(latency)}`];
  const body = detail && !ok ? `: ${messageRow(detail)}` : '';
  return `${[...status, ...time].join(' ') || (ok ? 'ok' : 'no answer')}${body}`;
}
