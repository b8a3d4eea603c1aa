import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Clock } from '../../../model/clock.ts';
import { messageOf } from '../../../model/errors.ts';
import type { Faults } from '../../faults.ts';
import type { NodeAccess } from '../../node/node-access.ts';
import type { Pod } from '../../store/objects.ts';

/**
 * Milliseconds from the end of what a port sends until the client is told that the forwarding is over: kubectl before
 * 1.27 waits for that before it closes its own end.
 */
const lingerMs = 1000;

/** What forwarding takes. */
export interface Forwarding {
  readonly node: NodeAccess;
  readonly faults: Faults;
  readonly clock: Clock;
}

/**
 * Connects a client to a port of a pod: `data` carries the bytes both ways, `errors` says why there is no connection.
 * Each side's end goes through to the other. The error stream ends without a word when there was none.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/httpstream.go
 * @returns when the client has been sent all that the port had to say
 */
export async function forwardConnection(
  { node, faults, clock }: Forwarding,
  pod: Pod,
  port: number,
  data: Duplex,
  errors: Duplex,
): Promise<void> {
  errors.resume();
  let target: Duplex;
  try {
    if (faults.refuseForwards) throw new Error(refusal(pod, port));
    target = await node.dial(pod, port);
  } catch (error) {
    errors.end(messageOf(error));
    data.end();
    data.resume();
    await over(errors);
    return;
  }
  join(data, target);
  let cancelLinger = () => {};
  target.on('end', () => {
    cancelLinger = clock.after(lingerMs, () => errors.end());
  });
  const ended = over(data);
  for (const side of [data, target])
    side.on('close', () => {
      cancelLinger();
      errors.end();
    });
  await ended;
}

/** What a port where nobody listens is answered with, in the kubelet's words. */
const refusal = (pod: Pod, port: number): string =>
  `error forwarding port ${port} to pod ${pod.metadata.uid}, uid : dial tcp4 127.0.0.1:${port}: connect: connection refused`;

function join(data: Duplex, target: Duplex): void {
  target.on('error', () => {});
  data.pipe(target);
  target.pipe(data);
  target.on('close', () => {
    // A reset, or a program that ended in the middle of something: the client sees a reset too.
    if (!target.readableEnded) data.destroy();
    else data.resume();
  });
  data.on('close', () => {
    if (data.readableEnded && !data.writableFinished) destroyWhenWritten(target);
    else if (!data.readableEnded) target.destroy();
  });
  if (data.destroyed) target.destroy();
}

/** The client's last words go through, whatever has become of it. */
function destroyWhenWritten(target: Duplex): void {
  target.end(() => target.destroy());
}

/** Resolves when all that was written has been handed over, or the stream has gone. */
const over = (stream: Duplex): Promise<void> => finished(stream, { readable: false }).catch(() => {});
