import type { ContainerView, ProbeResult } from '../model/pod.ts';
import type { PodState, ServiceState } from './state.ts';

/** A program that has just started may say no to its readiness probe for so long. Milliseconds. */
const startMs = 30_000;

/** How often a probe of a pod's container has failed in a row until now, and how often it may. */
export function failuresInRow(
  { probes, view }: PodState,
  container: string,
  kind: ProbeResult['kind'],
): { readonly failures: number; readonly threshold: number } {
  const own = probes.filter((probe) => probe.kind === kind && probe.container === container);
  const passed = own.findLastIndex(({ ok }) => ok);
  const spec = view.probes.find((probe) => probe.kind === kind && probe.container === container);
  return { failures: own.length - 1 - passed, threshold: spec?.failureThreshold ?? 3 };
}

/**
 * The newest failure of a container's readiness probe, when it is one to be told of: it has failed as often in a row as
 * Kubernetes lets it, and the container has been ready before, or has had its time to start.
 */
export function failingProbe(
  pod: PodState,
  { name, state, startedAt }: ContainerView,
  { live, health }: ServiceState,
  now: number,
): ProbeResult | undefined {
  if (state !== 'running') return undefined;
  const { failures, threshold } = failuresInRow(pod, name, 'readiness');
  if (failures < Math.max(1, threshold)) return undefined;
  const own = pod.probes.filter(({ kind, container }) => kind === 'readiness' && container === name);
  const wasReady = own.some(({ ok }) => ok) || isOldPod(pod, live?.at) || health?.status === 'failed';
  if (!wasReady && now - (startedAt ?? pod.view.createdAt) < startMs) return undefined;
  return own.findLast(({ ok }) => !ok);
}

/** Was it there when the service last answered? */
const isOldPod = ({ view }: PodState, liveAt: number | undefined): boolean =>
  liveAt !== undefined && view.createdAt < liveAt && view.containers.every(({ startedAt = 0 }) => startedAt < liveAt);
