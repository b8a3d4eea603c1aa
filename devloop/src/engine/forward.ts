import type { Server, Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';
import type { PortSpec } from '../model/project.ts';
import { targetPod } from '../state/service-pods.ts';
import type { Store } from '../state/store.ts';
import { connectToPod } from './connect-to-pod.ts';
import { EarlyBytes } from './early-bytes.ts';
import { EndedClients } from './ended-clients.ts';
import { ForwardStatus } from './forward-status.ts';
import type { Kubernetes } from './outside.ts';
import type { PodTraffic } from './pod-traffic.ts';
import { RefusingPods } from './refusing-pods.ts';
import { awaitTarget } from './target-changes.ts';

/** A connection waits so long for a pod that answers. Milliseconds. */
const holdMs = 30_000;
/** So many connections wait at once: each may have sent up to 256 KB already. */
const maxHeld = 256;

export interface Forward {
  /** Ends the listener and every connection. */
  readonly close: () => Promise<void>;
}

/**
 * Forwards a bound listener's connections to the service's newest pod that answers, chosen anew for each. While no
 * pod does, connections are held: 256 at most, for 30 s at most, and then ended with the reason. One that a pod refuses
 * before its first byte goes to the next. A pod that goes on refusing is shown, and checked until it takes a connection.
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
  const closing = new AbortController();
  const refusing = new RefusingPods(clock);
  const ended = new EndedClients(port.local, clock, store.dispatch);
  const status = new ForwardStatus(port, service, kubernetes, clock, store, refusing, closing.signal);
  let held = 0;

  /** @returns whether it may go on: false when it was ended, as too many wait */
  async function hold(client: Socket, early: EarlyBytes, wait: () => Promise<unknown>): Promise<boolean> {
    if (held >= maxHeld) {
      ended.end(client, early.isHttp, `${maxHeld} connections wait for a pod of ${service} already`);
      return false;
    }
    held += 1;
    await wait();
    held -= 1;
    return true;
  }

  async function connect(client: Socket): Promise<void> {
    const early = new EarlyBytes(client);
    // A timer and not a time of day: the clock may be set meanwhile.
    const over = new AbortController();
    const cancel = clock.after(holdMs, () => over.abort());
    client.once('close', cancel);
    while (!client.destroyed && !over.signal.aborted) {
      const pod = targetPod(store.getState(), service);
      const turn = pod && refusing.turn(pod.view.uid);
      if (!pod || turn) {
        const wait = () => turn ?? awaitTarget(store, service, client, over.signal);
        if (!(await hold(client, early, wait))) return;
        continue;
      }
      const refused = await refusing.try(pod.view.uid, (accepted) =>
        connectToPod(client, early, pod, {
          kubernetes,
          clock,
          store,
          traffic,
          port: port.remote,
          signal: closing.signal,
          onAccepted: () => {
            accepted();
            status.tried(pod, undefined);
          },
          onRefused: (why) => status.tried(pod, why),
        }),
      );
      if (!refused) {
        cancel();
        return;
      }
    }
    cancel();
    if (client.destroyed) return;
    ended.end(client, early.isHttp, `${status.why ?? `no pod of ${service} answered`} within ${holdMs / 1000} s`);
  }

  server.on('connection', (client: Socket) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    client.setNoDelay(true);
    void connect(client);
  });

  return {
    close: async () => {
      closing.abort();
      ended.flush();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of open) client.destroy();
      await closed;
    },
  };
}
