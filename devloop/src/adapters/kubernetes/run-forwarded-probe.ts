import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProbeAnswer } from '../../engine/outside.ts';
import { sanitizeLine } from '../../lib/sanitize.ts';
import { messageOf } from '../../model/errors.ts';
import type { PodView, ProbeSpec } from '../../model/pod.ts';
import type { Dial } from './port-forward-sessions.ts';

/**
 * Asks an HTTP probe over a forwarded connection. The kubelet takes that straight to the container, before the pod's
 * address and state are in the API (up to a second later).
 */
export async function runForwardedProbe(
  dial: Dial,
  pod: PodView,
  probe: ProbeSpec,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  if (probe.action.type !== 'http') return { ok: false, detail: 'not an HTTP probe' };
  let stream: Duplex | undefined;
  try {
    stream = await dial(pod.namespace, pod.name, probe.port, probe.timeout);
    const code = await statusOf(
      stream,
      probe.action.path,
      AbortSignal.any([signal, AbortSignal.timeout(probe.timeout)]),
    );
    return { ok: code >= 200 && code < 400, code };
  } catch (error) {
    return { ok: false, detail: sanitizeLine(messageOf(error)) };
  } finally {
    stream?.destroy();
  }
}

function statusOf(stream: Duplex, path: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    const sent = request({
      createConnection: () => stream,
      path,
      headers: { host: 'localhost', connection: 'close' },
      signal,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.end();
  });
}
