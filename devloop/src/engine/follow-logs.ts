import type { Clock } from '../model/clock.ts';
import type { PodView } from '../model/pod.ts';
import type { Store } from '../state/store.ts';
import { type ContainerRun, containerKeyOf, runKeyOf } from './container-run.ts';
import { LogPosition } from './log-position.ts';
import type { Kubernetes } from './outside.ts';
import { reportCrashes } from './report-crashes.ts';
import { type LogReading, type LogStart, RunLogReader } from './run-log-reader.ts';

/** One container, whose runs are read one after the other. */
interface FollowedContainer {
  readonly position: LogPosition;
  /** Ends the stream of the newest run that is followed; resolves when it has ended. */
  end: () => Promise<void>;
}

/** Milliseconds that the stream of a run gets for its last lines when the next run is there. */
const lastLinesMs = 2000;

export interface LogFollower {
  /** The first lists are in: pods that come from now on are new, and their logs are read from the first line. */
  readonly listed: () => void;
}

/**
 * Follows every container of the releases' pods from its first line, and fetches the last lines of one that ended
 * badly. A stream that breaks is taken up again after the last line that was seen, and so are all when the cluster is
 * back: a connection may have died without a word. What a run said when nobody listened is read when it has ended, from
 * the run before if need be.
 */
export function followLogs(
  kubernetes: Kubernetes,
  clock: Clock,
  store: Store,
  start: LogStart,
  signal: AbortSignal,
): LogFollower {
  const reading: LogReading = { kubernetes, clock, store, signal, streams: new Set() };
  const reportCrash = reportCrashes(kubernetes, store, signal);
  /** Runs. */
  const followed = new Set<string>();
  const containers = new Map<string, FollowedContainer>();
  let isListed = false;

  function onPod(pod: PodView): void {
    for (const container of pod.containers) {
      const run = { pod, container: container.name, restarts: container.restarts };
      if (container.state !== 'waiting' && !followed.has(runKeyOf(run))) {
        followed.add(runKeyOf(run));
        void followNext(run);
      }
      void reportCrash(pod, container);
    }
  }

  /**
   * One run of a container after the other: a request names no run, so one for a run that has just ended may bring the
   * lines of the next, which must not come twice.
   */
  async function followNext(run: ContainerRun): Promise<void> {
    const key = containerKeyOf(run);
    const old = !isListed && run.restarts === 0;
    const known = containers.get(key);
    const one = known ?? { position: new LogPosition(), end: async () => {} };
    containers.set(key, one);
    const before = one.end();
    const ending = new AbortController();
    const over = before.then(async () => {
      const reader = new RunLogReader(reading, run, one.position, old ? start : {});
      // It may have ended and been started anew between two looks at the pod.
      const last = { ...run, restarts: run.restarts - 1 };
      if (known && !followed.has(runKeyOf(last))) await reader.readPrevious(last.restarts);
      const isRead = await reader.follow(AbortSignal.any([signal, ending.signal]));
      if (!isRead) await reader.readPrevious(run.restarts);
      reader.end();
    });
    one.end = async () => {
      await Promise.race([over, clock.sleep(lastLinesMs, signal)]);
      ending.abort();
      await over;
    };
    await over;
  }

  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'pod.changed') onPod(event.pod);
    if (event.type === 'cluster.connected') for (const stream of reading.streams) stream.abort();
  });
  signal.addEventListener('abort', unsubscribe);
  return {
    listed: () => {
      isListed = true;
    },
  };
}
