import type { ProbeAnswer } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import { whyOf } from '../../model/errors.ts';
import type { PodView, ProbeSpec } from '../../model/pod.ts';
import { messageFrom } from './api-error.ts';
import type { Connection } from './connection.ts';
import type { Dial } from './port-forward-sessions.ts';

/** A refused TCP connection is reported within this time; silence means that it stands. */
const tcpQuietMs = 150;
const detailLength = 200;

/**
 * Runs one declared probe once. HTTP goes through the API server's pod proxy to the pod's own address, as the
 * kubelet's does, so an app that listens on loopback only fails here too.
 */
export async function runProbe(
  connection: Connection,
  dial: Dial,
  pod: PodView,
  probe: ProbeSpec,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  try {
    return probe.action.type === 'http'
      ? await httpProbe(connection, pod, probe, probe.action, signal)
      : await tcpProbe(dial, pod, probe);
  } catch (error) {
    const timedOut = (error as Partial<Error> | undefined)?.name === 'TimeoutError';
    return { ok: false, detail: timedOut ? `no answer within ${probe.timeout} ms` : sanitizeLine(whyOf(error)) };
  }
}

async function httpProbe(
  connection: Connection,
  pod: PodView,
  probe: ProbeSpec,
  { scheme, path }: { scheme: string; path: string },
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const target = `${scheme}:${pod.name}:${probe.port}`;
  const url = `/api/v1/namespaces/${pod.namespace}/pods/${target}/proxy${path.startsWith('/') ? path : `/${path}`}`;
  const { status, body } = await connection.ask(url, signal, probe.timeout);
  const unreached = messageFrom(body);
  if (unreached) return { ok: false, detail: shortDial(unreached) };
  const text = sanitizeLine(body.trim().slice(0, detailLength));
  // Kubernetes counts every status from 200 up to 399 as a success.
  return { ok: status >= 200 && status < 400, code: status, ...(text && { detail: text }) };
}

async function tcpProbe(dial: Dial, pod: PodView, probe: ProbeSpec): Promise<ProbeAnswer> {
  const stream = await dial(pod.namespace, pod.name, probe.port, probe.timeout);
  const failure = await new Promise<Error | undefined>((resolve) => {
    stream.once('error', resolve);
    setTimeout(() => resolve(undefined), tcpQuietMs);
  });
  stream.destroy();
  return failure ? { ok: false, detail: shortDial(failure.message) } : { ok: true };
}

/** "error trying to reach service: dial tcp 172.17.0.5:4000: connect: connection refused", without the wrapping. */
const shortDial = (message: string): string =>
  sanitizeLine(/dial tcp \S+ (?:connect: )?(.*)$/.exec(message)?.[1] ?? message);
