import type { Container, Probe } from '../../store/objects.ts';
import type { Address } from '../network/proxy-listener.ts';
import type { PodContext } from '../node-context.ts';
import { probeHttp } from '../probes/http-probe.ts';
import { failed, type ProbeResult, passed } from '../probes/probe-result.ts';
import { httpTarget, portNumber } from '../probes/probe-target.ts';
import { runProbes } from '../probes/probe-worker.ts';
import { probeTcp } from '../probes/tcp-probe.ts';
import type { ContainerRecord } from './container-record.ts';
import type { PreparedCommand } from './prepare-command.ts';
import { runBeside } from './run-beside.ts';

/** Where a host and port of a probe really are: pods are on ports of 127.0.0.1. */
export const probeAddress = (of: PodContext, host: string, port: number): Address | undefined => {
  if (host !== of.podIP) return { host, port };
  const real = of.node.ports.find(of.podIP, port, false);
  return real === undefined ? undefined : { host: '127.0.0.1', port: real };
};

/** Runs the probes of a running container until the signal aborts. @param kill ends the container, with this message */
export function startProbes(
  of: PodContext,
  container: Container,
  record: ContainerRecord,
  prepared: PreparedCommand,
  kill: (message: string) => void,
  signal: AbortSignal,
): void {
  const { startupProbe, readinessProbe, livenessProbe } = container;
  const fieldPath = `spec.containers{${container.name}}`;
  const isStarted = new AbortController();
  const start = (
    name: string,
    probe: Probe,
    enabled: () => boolean,
    onVerdict: (success: boolean) => void,
    until: AbortSignal,
  ) =>
    void runProbes({
      probe,
      clock: of.node.clock,
      run: (timeout) => runProbe(of, container, prepared, probe, timeout, until),
      enabled,
      onFailure: (output) => of.record('Warning', 'Unhealthy', `${name} probe failed: ${output}`, fieldPath),
      onVerdict,
      signal: until,
    });

  if (startupProbe) {
    const verdict = (success: boolean) => {
      if (!success) return kill(`Container ${container.name} failed startup probe`);
      record.started = true;
      isStarted.abort();
      of.changed();
    };
    start('Startup', startupProbe, () => true, verdict, AbortSignal.any([signal, isStarted.signal]));
  }
  if (readinessProbe) {
    const verdict = (success: boolean) => {
      record.passesReadiness = success;
      of.changed();
    };
    start('Readiness', readinessProbe, () => record.started, verdict, signal);
  }
  if (livenessProbe) {
    const verdict = (success: boolean) => {
      if (!success) kill(`Container ${container.name} failed liveness probe`);
    };
    start('Liveness', livenessProbe, () => record.started, verdict, signal);
  }
}

async function runProbe(
  of: PodContext,
  container: Container,
  prepared: PreparedCommand,
  probe: Probe,
  timeout: number,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const resolve = (host: string, port: number) => probeAddress(of, host, port);
  try {
    if (probe.exec) {
      const command = probe.exec.command ?? [];
      const { code, output } = await runBeside(of.node, prepared, command, timeout, signal);
      // Docker ends it and says nothing.
      if (code === undefined) return failed('');
      return code === 0 ? passed : failed(output);
    }
    if (probe.httpGet) return await probeHttp(httpTarget(probe.httpGet, container, of.podIP), timeout, resolve);
    if (probe.tcpSocket) {
      const { host, port } = probe.tcpSocket;
      return await probeTcp(host || of.podIP, portNumber(port, container), timeout, resolve);
    }
    return passed;
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}
