import type { Duplex } from 'node:stream';
import type { Clock } from '../model/clock.ts';
import { messageOf } from '../model/errors.ts';
import type { PodView } from '../model/pod.ts';
import type { Kubernetes } from './outside.ts';

/** A pod that has said nothing against a connection for so long has taken it. Milliseconds. */
export const acceptedMs = 150;
/** Milliseconds until a dial is given up. */
export const dialMs = 5000;

/**
 * Connects to a port of a pod, the whole way that a forwarded connection takes, and lets go of it again.
 * @returns why that failed; undefined when the pod took it
 */
export async function checkPort(
  kubernetes: Kubernetes,
  clock: Clock,
  pod: PodView,
  port: number,
): Promise<string | undefined> {
  let stream: Duplex | undefined;
  try {
    stream = await kubernetes.dial(pod.namespace, pod.name, port, dialMs);
    await acceptance(stream, clock);
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    stream?.destroy();
  }
}

function acceptance(stream: Duplex, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(acceptedMs, resolve);
    stream.once('error', (error) => {
      cancel();
      reject(error);
    });
    // It may speak first.
    stream.once('data', () => {
      cancel();
      resolve();
    });
  });
}
