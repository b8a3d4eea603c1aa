import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../model/clock.ts';
import type { StampedEvent } from '../model/events.ts';
import type { ForwardView } from '../model/operation.ts';
import type { PortSpec } from '../model/project.ts';
import { targetPod } from '../state/service-pods.ts';
import type { PodState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { EarlyBytes } from './early-bytes.ts';
import type { Kubernetes } from './outside.ts';
import type { PodTraffic } from './pod-traffic.ts';
import { RefusingPods } from './refusing-pods.ts';

/** A connection waits so long for a pod that answers. */
const holdMs = 30_000;
const dialMs = 5000;
/** A pod that has said nothing against a connection for so long has taken it. */
const acceptedMs = 150;

const changesTarget: ReadonlySet<string> = new Set([
  'pod.changed',
  'pod.removed',
  'probe.result',
  'deploy.succeeded',
  'pod.update',
]);

/** Whether an event may be about the service; those of a release may be about each of its services. */
function isAbout(event: StampedEvent, service: string): boolean {
  if (event.type === 'pod.changed') return event.pod.service === service;
  if (event.type === 'pod.removed' || event.type === 'pod.update') return event.service === service;
  return event.type !== 'probe.result' || event.result.service === service;
}

export interface Forward {
  /** Ends the listener and every connection. */
  readonly close: () => Promise<void>;
}

/**
 * Forwards a bound listener's connections to the service's newest pod that answers, chosen anew for each. While no
 * pod does, connections are held. One that a pod refuses before its first byte goes to the next.
 */
export function startForward(
  server: Server,
  port: PortSpec,
  service: string,
  kubernetes: Kubernetes,
  clock: Clock,
  store: Store,
  traffic: PodTraffic,
): Forward {
  const open = new Set<Socket>();
  const refusing = new RefusingPods(clock);
  let shown: ForwardView | undefined;

  function show(): void {
    const pod = targetPod(store.getState(), service);
    const view: ForwardView = { service, ...port, status: pod ? 'ready' : 'held', ...(pod && { pod: pod.view.name }) };
    if (shown?.status === view.status && shown.pod === view.pod) return;
    shown = view;
    store.dispatch({ type: 'forward.changed', forward: view });
  }

  const onConnection = (client: Socket) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    client.setNoDelay(true);
    void connect(client);
  };
  server.on('connection', onConnection);

  async function connect(client: Socket): Promise<void> {
    const early = new EarlyBytes(client);
    const deadline = clock.now() + holdMs;
    while (!client.destroyed && clock.now() < deadline) {
      const pod = targetPod(store.getState(), service) ?? (await nextTarget(client, deadline - clock.now()));
      if (!pod || client.destroyed) break;
      const turn = refusing.turn(pod.view.uid);
      if (turn) {
        await turn;
        continue;
      }
      const refused = await refusing.try(pod.view.uid, (accepted) => attempt(client, early, pod, accepted));
      if (!refused) return;
    }
    client.destroy();
  }

  /** Resolves to true when the pod refused before it answered: the client can then be offered to another. */
  async function attempt(client: Socket, early: EarlyBytes, pod: PodState, accepted: () => void): Promise<boolean> {
    let stream: Duplex;
    try {
      stream = await kubernetes.dial(pod.view.namespace, pod.view.name, port.remote, dialMs);
    } catch {
      return true;
    }
    if (client.destroyed) {
      stream.destroy();
      return false;
    }
    return new Promise((resolve) => {
      let answered = false;
      const owed = traffic.open(pod.view.uid);
      const cancelAccepted = clock.after(acceptedMs, accepted);
      const onData = (chunk: Buffer) => {
        if (!answered) {
          early.forget();
          accepted();
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
      stream.on('error', () => {
        if (answered || early.overflowed) client.destroy();
        else resolve(true);
      });
      stream.on('close', () => {
        cancelAccepted();
        owed.ended();
        client.off('data', owed.asked);
        client.off('close', onClientClose);
        early.detach();
        // A pod that closes without a word ends the connection too; only an error says that it never had it. A program
        // that was started anew meanwhile may not even have accepted it.
        if (!answered && !stream.errored && early.isRepeatable && wasRestarted(pod)) resolve(true);
        else if (!stream.errored || answered || early.overflowed) {
          client.end();
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
  function wasRestarted({ view: { uid }, update }: PodState): boolean {
    const now = store.getState().pods[uid]?.update;
    return now?.status === 'restarting' || (now?.status === 'current' && now.edit > (update?.edit ?? -1));
  }

  function nextTarget(client: Socket, timeout: number): Promise<PodState | undefined> {
    return new Promise((resolve) => {
      const end = (pod: PodState | undefined) => {
        unsubscribe();
        cancel();
        client.off('close', gone);
        resolve(pod);
      };
      const gone = () => end(undefined);
      const unsubscribe = store.subscribe((event) => {
        if (!changesTarget.has(event.type)) return;
        const pod = targetPod(store.getState(), service);
        if (pod) end(pod);
      });
      const cancel = clock.after(timeout, gone);
      client.on('close', gone);
    });
  }

  const unsubscribe = store.subscribe((event) => {
    if (changesTarget.has(event.type) && isAbout(event, service)) show();
  });
  show();
  return {
    close: async () => {
      unsubscribe();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of open) client.destroy();
      await closed;
    },
  };
}
