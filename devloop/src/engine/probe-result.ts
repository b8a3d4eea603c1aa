import type { PodView, ProbeResult, ProbeSpec } from '../model/pod.ts';
import type { ProbeAnswer } from './outside.ts';

/** A probe's answer as the result to report; `from` and `to` are when it was asked and answered. */
export function probeResult(
  pod: PodView,
  probe: ProbeSpec,
  from: number,
  to: number,
  answer: ProbeAnswer,
): ProbeResult {
  const { name, uid, service } = pod;
  const { container, kind } = probe;
  return { pod: name, uid, service, container, kind, ...answer, latency: to - from, from: 'devloop', at: from };
}
