import { messageRow } from '../lib/message-lines.ts';
import type { KubeEventView, PodView, ProbeResult } from '../model/pod.ts';
import type { PodState } from './state.ts';

// The kubelet's words: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/prober/prober.go (probe)
const failure = /^(Startup|Readiness|Liveness) probe (?:failed|errored)[^:]*: (.*)$/s;
const httpStatus = /statuscode: (\d{3})/;

/**
 * The result that an Event of the kubelet tells of a pod's probe: only failures are told so. Undefined for any other
 * Event, and for a failure that is known already: from the kubelet, or from devloop's own run of the probe.
 */
export function probeFailure(event: KubeEventView, { view, probes }: PodState): ProbeResult | undefined {
  const [, word, text = ''] = (event.reason === 'Unhealthy' && failure.exec(event.message)) || [];
  if (!word) return undefined;
  const kind = word.toLowerCase() as ProbeResult['kind'];
  const container = event.container ?? containerOf(view, kind);
  const own = probes.filter((known) => known.kind === kind && known.container === container);
  // Where devloop asks the probe itself and sees it fail, the kubelet says nothing new.
  const isSeen = own.findLast(({ from }) => from === 'devloop')?.ok === false;
  if (isSeen || own.some(({ from, at }) => from === 'kubelet' && at >= event.at)) return undefined;
  const code = httpStatus.exec(text)?.[1];
  return {
    pod: view.name,
    uid: view.uid,
    service: view.service,
    container,
    kind,
    ok: false,
    ...(code && { code: Number(code) }),
    latency: 0,
    detail: messageRow(text),
    from: 'kubelet',
    at: event.at,
  };
}

/** An Event that names no container is of the one that has such a probe. */
const containerOf = ({ probes, containers }: PodView, kind: ProbeResult['kind']): string =>
  (probes.find((probe) => probe.kind === kind)?.container ?? containers.find(({ init }) => !init)?.name) || '';
