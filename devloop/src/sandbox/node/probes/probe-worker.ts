import type { Clock } from '../../../model/clock.ts';
import type { Probe } from '../../store/objects.ts';
import type { ProbeResult } from './probe-result.ts';

export interface ProbeSchedule {
  readonly probe: Probe;
  readonly clock: Clock;
  /** Runs it once. @param timeout milliseconds */
  readonly run: (timeout: number) => Promise<ProbeResult>;
  /** False holds it back: readiness and liveness wait for startup. */
  readonly enabled: () => boolean;
  /** Every single failure, for the event. */
  readonly onFailure: (output: string) => void;
  /** The probe's verdict, once its threshold is reached, and only when it changes. */
  readonly onVerdict: (success: boolean) => void;
  readonly signal: AbortSignal;
}

/**
 * Probes until the signal aborts: first after `initialDelaySeconds`, then each `periodSeconds`.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/prober/worker.go
 */
export async function runProbes(schedule: ProbeSchedule): Promise<void> {
  const { probe, clock, run, enabled, onFailure, onVerdict, signal } = schedule;
  const period = (probe.periodSeconds ?? 10) * 1000;
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  let verdict: boolean | undefined;
  let last: boolean | undefined;
  let times = 0;
  if (probe.initialDelaySeconds) await clock.sleep(probe.initialDelaySeconds * 1000, signal);
  while (!signal.aborted) {
    const began = clock.now();
    if (enabled()) {
      const { success, output } = await run(timeout);
      if (signal.aborted) return;
      if (!success) onFailure(output);
      times = success === last ? times + 1 : 1;
      last = success;
      const threshold = success ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
      if (times >= threshold && verdict !== success) {
        verdict = success;
        onVerdict(success);
      }
    }
    await clock.sleep(Math.max(0, began + period - clock.now()), signal);
  }
}
