import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { sanitizeLine } from '../lib/sanitize.ts';
import type { Clock } from '../model/clock.ts';
import { ConnectionLost, messageOf, retryAfterOf } from '../model/errors.ts';
import type { StampedEvent } from '../model/events.ts';
import type { ForwardView } from '../model/operation.ts';
import type { PortSpec } from '../model/project.ts';
import { targetPod } from '../state/service-pods.ts';
import type { PodState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { EarlyBytes } from './early-bytes.ts';
import { endClient } from './end-client.ts';
import { EndedClients } from './ended-clients.ts';
import type { Kubernetes } from './outside.ts';
import type { PodTraffic } from './pod-traffic.ts';
import { acceptedMs, checkPort, dialMs } from './port-check.ts';
import { RefusingPods } from './refusing-pods.ts';

/** A connection waits so long for a pod that answers. Milliseconds. */
const holdMs = 30_000;
/** So many connections wait at once: each may have sent up to 256 KB already. */
const maxHeld = 256;
/** However long a server asks to be left alone: a client waits. Milliseconds. */
const longestPauseMs = 5000;
/** A pod that refuses is checked so often while no client tries it. Milliseconds. */
const recheckMs = 1000;

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
  const refusing = new RefusingPods(clock);
  const ended = new EndedClients(port.local, clock, store.dispatch);
  const closing = new AbortController();
  let shown: ForwardView | undefined;
  let held = 0;
  /** The pod that goes on refusing connections, and why. */
  let refuser: { readonly uid: string; readonly why: string } | undefined;

  function show(): void {
    const pod = targetPod(store.getState(), service);
    const refusal = pod && refuser?.uid === pod.view.uid ? refuser.why : undefined;
    const status = pod && refusal === undefined ? 'ready' : 'held';
    const view: ForwardView = {
      service,
      ...port,
      status,
      ...(pod && { pod: pod.view.name }),
      ...(refusal !== undefined && { why: refusal }),
    };
    if (shown?.status === view.status && shown.pod === view.pod && shown.why === view.why) return;
    shown = view;
    store.dispatch({ type: 'forward.changed', forward: view });
  }

  /** What has come of the last try of a pod. @param why it was refused */
  function onTried({ view: { uid, name } }: PodState, why: string | undefined): void {
    if (closing.signal.aborted) return;
    if (why === undefined) {
      if (refuser?.uid !== uid) return;
      refuser = undefined;
    } else {
      if (!refusing.isRefusing(uid)) return;
      const isNew = refuser?.uid !== uid;
      const nobody = /connection refused/i.test(why) ? `nothing listens on port ${port.remote} of ${name}` : undefined;
      refuser = { uid, why: nobody ?? `${name} cannot be reached: ${sanitizeLine(why)}` };
      if (isNew) void recheck(uid);
    }
    show();
  }

  /** Without a client nobody would find out that the pod takes connections by now. */
  async function recheck(uid: string): Promise<void> {
    for (;;) {
      await clock.sleep(recheckMs, closing.signal);
      const pod = targetPod(store.getState(), service);
      if (closing.signal.aborted || refuser?.uid !== uid) return;
      if (pod?.view.uid !== uid) {
        refuser = undefined;
        return;
      }
      if (refusing.turn(uid)) continue;
      await refusing.try(uid, async (accepted) => {
        const why = await checkPort(kubernetes, clock, pod.view, port.remote);
        if (why === undefined) accepted();
        onTried(pod, why);
        return why !== undefined;
      });
    }
  }

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
    // A timer and not a time of day: the clock may be set meanwhile.
    const over = new AbortController();
    const cancel = clock.after(holdMs, () => over.abort());
    client.once('close', cancel);
    while (!client.destroyed && !over.signal.aborted) {
      const pod = targetPod(store.getState(), service);
      const turn = pod && refusing.turn(pod.view.uid);
      if (!pod || turn) {
        if (!(await hold(client, early, () => turn ?? nextTarget(client, over.signal)))) return;
        continue;
      }
      const refused = await refusing.try(pod.view.uid, (accepted) =>
        attempt(client, early, pod, () => {
          accepted();
          onTried(pod, undefined);
        }),
      );
      if (!refused) {
        cancel();
        return;
      }
    }
    cancel();
    if (!client.destroyed) ended.end(client, early.isHttp, whyNot());
  }

  const whyNot = () => `${refuser?.why ?? `no pod of ${service} answered`} within ${holdMs / 1000} s`;

  /** Resolves to true when the pod refused before it answered: the client can then be offered to another. */
  async function attempt(client: Socket, early: EarlyBytes, pod: PodState, accepted: () => void): Promise<boolean> {
    let stream: Duplex;
    try {
      stream = await kubernetes.dial(pod.view.namespace, pod.view.name, port.remote, dialMs);
    } catch (error) {
      onTried(pod, messageOf(error));
      const pause = retryAfterOf(error);
      if (pause) await clock.sleep(Math.min(pause, longestPauseMs), closing.signal);
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
      stream.on('error', (error) => {
        // A plain end would make half an answer look like a whole one.
        if (answered || early.overflowed) client.resetAndDestroy();
        else if (error instanceof ConnectionLost && !early.isRepeatable) {
          endClient(client, clock);
          resolve(false);
        } else {
          onTried(pod, error.message);
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
        if (!answered && !stream.errored && early.isRepeatable && wasRestarted(pod)) resolve(true);
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
  function wasRestarted({ view: { uid }, update }: PodState): boolean {
    const now = store.getState().pods[uid]?.update;
    return now?.status === 'restarting' || (now?.status === 'current' && now.edit > (update?.edit ?? -1));
  }

  /** Resolves when there is one, the client has gone, or its time is over. */
  function nextTarget(client: Socket, over: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        unsubscribe();
        over.removeEventListener('abort', end);
        client.off('close', end);
        resolve();
      };
      const unsubscribe = store.subscribe((event) => {
        if (changesTarget.has(event.type) && targetPod(store.getState(), service)) end();
      });
      over.addEventListener('abort', end);
      client.on('close', end);
    });
  }

  const unsubscribe = store.subscribe((event) => {
    if (changesTarget.has(event.type) && isAbout(event, service)) show();
  });
  show();
  return {
    close: async () => {
      unsubscribe();
      closing.abort();
      ended.flush();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of open) client.destroy();
      await closed;
    },
  };
}
