import { formatDuration } from '../../lib/duration.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import type { ProbeSpec } from '../../model/pod.ts';

/** How a probe is declared: `GET http://:8080/healthz every 10 s, timeout 1 s, fails after 3 in a row`. */
export function probeText({ action, port, period, timeout, failureThreshold, initialDelay }: ProbeSpec): string {
  const asked = action.type === 'http' ? `GET ${action.scheme}://:${port}${sanitizeLine(action.path)}` : `TCP :${port}`;
  return [
    `${asked} every ${shortly(period)}`,
    `timeout ${shortly(timeout)}`,
    `fails after ${failureThreshold} in a row`,
    ...(initialDelay > 0 ? [`first after ${shortly(initialDelay)}`] : []),
  ].join(', ');
}

/** Kubernetes has whole seconds: `1 s`, not `1.0 s`. */
const shortly = (ms: number): string => (ms < 60_000 ? `${ms / 1000} s` : formatDuration(ms));
