import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../model/clock.ts';
import { messageOf, retryAfterOf, UnansweredError } from '../model/errors.ts';
import type { PodState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { EarlyBytes } from './early-bytes.ts';
import { endClient } from './end-client.ts';
import type { Kubernetes } from './outside.ts';
import type { PodTraffic } from './pod-traffic.ts';
import { acceptedMs, dialMs } from './port-check.ts';

/** However long a server asks to be left alone: a client waits. Milliseconds. */
const longestPauseMs = 5000;

export interface PodConnecting {
  readonly kubernetes: Kubernetes;
  readonly clock: Clock;
  readonly store: Store;
  readonly traffic: PodTraffic;
  /** Of the pod. */
  readonly port: number;
  /** Ends the pause that a server asks for. */
  readonly signal: AbortSignal;
  /** Hears that the pod has taken the connection, more than once. */
  readonly onAccepted: () => void;
  readonly onRefused: (why: string) => void;
}

/**
 * Connects a client to a pod, and carries what both say until the end, half-closed as they are.
 * @returns whether the pod refused before it answered, at the end: the client can then be offered to another
 */
export async function connectToPod(
  client: Socket,
  early: EarlyBytes,
  pod: PodState,
  connecting: PodConnecting,
): Promise<boolean> {
  const { kubernetes, clock, port, signal, onRefused } = connecting;
  let stream: Duplex;
  try {
    stream = await kubernetes.dial(pod.view.namespace, pod.view.name, port, dialMs);
  } catch (error) {
    onRefused(messageOf(error));
    const pause = retryAfterOf(error);
    if (pause) await clock.sleep(Math.min(pause, longestPauseMs), signal);
    return true;
  }
  if (client.destroyed) {
    stream.destroy();
    return false;
  }
  return carry(client, early, pod, stream, connecting);
}

function carry(
  client: Socket,
  early: EarlyBytes,
  pod: PodState,
  stream: Duplex,
  { clock, store, traffic, onAccepted, onRefused }: PodConnecting,
): Promise<boolean> {
  return new Promise((resolve) => {
    let answered = false;
    const owed = traffic.open(pod.view.uid);
    const cancelAccepted = clock.after(acceptedMs, onAccepted);
    const onData = (chunk: Buffer) => {
      if (!answered) {
        early.forget();
        onAccepted();
      }
      answered = true;
      owed.answered();
      if (!client.write(chunk)) {
        stream.pause();
        client.once('drain', () => stream.resume());
      }
    };
    const onClientClose = () => stream.destroy();
    stream.on('data', onData);
    stream.on('end', () => {
      if (answered) client.end();
    });
    stream.on('error', (error) => {
      // A plain end would make half an answer look like a whole one.
      if (answered || early.overflowed) client.resetAndDestroy();
      else if (error instanceof UnansweredError && !early.isRepeatable) {
        endClient(client, clock);
        resolve(false);
      } else {
        onRefused(error.message);
        resolve(true);
      }
    });
    stream.on('close', () => {
      cancelAccepted();
      owed.ended();
      client.off('data', owed.asked);
      client.off('close', onClientClose);
      early.detach();
      // A pod that closes without a word ends the connection too; only an error says that it never had it. A program
      // that was started anew meanwhile may not even have accepted it.
      if (!answered && !stream.errored && early.isRepeatable && wasRestarted(store, pod)) resolve(true);
      else if (!stream.errored || answered || early.overflowed) {
        endClient(client, clock);
        resolve(false);
      }
    });
    client.on('close', onClientClose);
    client.on('data', owed.asked);
    if (early.size > 0) owed.asked();
    early.attach(stream);
  });
}

/** By devloop, for a newer edit: a program that ended by itself may have ended of the question. */
function wasRestarted(store: Store, { view: { uid }, update }: PodState): boolean {
  const now = store.getState().pods[uid]?.update;
  return now?.status === 'restarting' || (now?.status === 'current' && now.edit > (update?.edit ?? -1));
}
