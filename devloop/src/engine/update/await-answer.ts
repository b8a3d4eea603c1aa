import type { Pulse } from '../../lib/pulse.ts';
import type { Clock } from '../../model/clock.ts';
import { outsideFault } from '../../model/errors.ts';
import type { PodView } from '../../model/pod.ts';
import type { PortSpec } from '../../model/project.ts';
import type { Store } from '../../state/store.ts';
import type { Kubernetes, LiveContainer } from '../outside.ts';
import { probeResult } from '../probe-result.ts';

/** A program that was started anew has this long to listen, and its readiness probe to pass. Milliseconds. */
const startMs = 60_000;
/** How long after the restart the probe is asked how often. */
const eagerness = [
  { until: 1000, every: 10 },
  { until: 5000, every: 50 },
  { until: startMs, every: 300 },
] as const;

/** The program that was started anew. */
export interface Restarted {
  readonly connection: Pick<LiveContainer, 'listening'>;
  readonly uid: string;
  readonly ports: readonly PortSpec[];
}

/**
 * Waits until a program that was started anew answers: it listens on the port of its readiness probe (else on the first
 * that is forwarded), and the probe passes. The container itself asks, as it can ask every few milliseconds.
 * @param isWanted whether anybody still waits for it; asked again at each beat of the pulse
 * @returns false when nobody waits any more
 * @throws Fault (outside) when it does not answer in time
 */
export async function awaitAnswer(
  kubernetes: Kubernetes,
  clock: Clock,
  store: Store,
  { connection, uid, ports }: Restarted,
  isWanted: () => boolean,
  pulse: Pulse,
): Promise<boolean> {
  const view = store.getState().pods[uid]?.view;
  const probe = view?.probes.find(({ kind }) => kind === 'readiness');
  const port = probe?.port ?? ports[0]?.remote;
  if (!view || port === undefined) return isWanted();
  const path = probe?.action.type === 'http' && probe.action.scheme === 'http' ? probe.action.path : undefined;
  const listens = await whileWanted(connection.listening(port, startMs, path), isWanted, pulse);
  if (listens === 'unwanted' || !isWanted()) return false;
  if (listens === false) throw silent(view, `nothing answers on port ${port}`);
  if (probe?.action.type !== 'http' || (listens && path !== undefined)) return true;
  const since = clock.now();
  for (const { until, every } of eagerness) {
    while (clock.now() - since < until) {
      if (!isWanted()) return false;
      const at = clock.now();
      const answer = await kubernetes.probe(view, probe, 'forward', new AbortController().signal);
      if (answer.ok) {
        store.dispatch({ type: 'probe.result', result: probeResult(view, probe, at, clock.now(), answer) });
        return isWanted();
      }
      await clock.sleep(every);
    }
  }
  throw silent(view, `its readiness probe ${probe.action.path} does not pass`);
}

async function whileWanted<T>(work: Promise<T>, isWanted: () => boolean, pulse: Pulse): Promise<T | 'unwanted'> {
  const ended = work.catch(() => 'unwanted' as const);
  const ofPulse = Symbol('a beat of the pulse');
  while (isWanted()) {
    const first = await Promise.race([ended, pulse.next().then(() => ofPulse)]);
    if (first !== ofPulse) return first as T | 'unwanted';
  }
  return 'unwanted';
}

const silent = ({ name }: PodView, why: string) =>
  outsideFault({
    title: `The program in pod ${name} does not answer after its restart`,
    why: `${why} after ${startMs / 1000} s`,
    fix: 'See its log; the next save starts it anew.',
  });
