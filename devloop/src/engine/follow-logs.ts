import type { Clock } from '../model/clock.ts';
import { retryAfterOf } from '../model/errors.ts';
import type { ContainerView, PodView } from '../model/pod.ts';
import type { Store } from '../state/store.ts';
import { LogPosition } from './log-position.ts';
import type { Kubernetes, LogRequest, OnLogLine } from './outside.ts';

/** How far back the log of a pod goes that was there before. */
export interface LogStart {
  /** Only the last so many lines. */
  readonly tail?: number;
  /** Epoch milliseconds. */
  readonly since?: number;
}

/** One container, whose runs are read one after the other. */
interface FollowedContainer {
  readonly position: LogPosition;
  /** Ends the stream of the newest run that is followed; resolves when it has ended. */
  end: () => Promise<void>;
}

const crashLines = 20;
/** Milliseconds until a stream that broke is taken up again, doubled with each failure in a row. */
const firstRetryMs = 500;
const longestRetryMs = 5000;
/** A log that cannot be read is asked for so often once its container has ended. */
const triesOfEnded = 20;
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
  const followed = new Set<string>();
  const containers = new Map<string, FollowedContainer>();
  const reported = new Set<string>();
  /** Those of the streams that are open. */
  const streams = new Set<AbortController>();
  let isListed = false;

  function onPod(pod: PodView): void {
    for (const container of pod.containers) {
      const run = `${pod.uid}/${container.name}/${container.restarts}`;
      if (container.state !== 'waiting' && !followed.has(run)) {
        followed.add(run);
        void followNext(pod, container);
      }
      void reportCrash(pod, container);
    }
  }

  /**
   * One run of a container after the other: a request names no run, so one for a run that has just ended may bring the
   * lines of the next, which must not come twice.
   */
  async function followNext(pod: PodView, container: ContainerView): Promise<void> {
    const key = `${pod.uid}/${container.name}`;
    const old = !isListed && container.restarts === 0;
    const known = containers.get(key);
    const one = known ?? { position: new LogPosition(), end: async () => {} };
    containers.set(key, one);
    const before = one.end();
    const ending = new AbortController();
    const over = before.then(async () => {
      const reader = createRunReader(pod, container, one.position, old ? start : {});
      // It may have ended and been started anew between two looks at the pod.
      if (known && !followed.has(`${key}/${container.restarts - 1}`)) await reader.readPrevious(container.restarts - 1);
      const isRead = await reader.follow(AbortSignal.any([signal, ending.signal]));
      if (!isRead) await reader.readPrevious(container.restarts);
      reader.end();
    });
    one.end = async () => {
      await Promise.race([over, clock.sleep(lastLinesMs, signal)]);
      ending.abort();
      await over;
    };
    await over;
  }

  /** Reads one run of a container, whatever becomes of the streams. */
  function createRunReader(pod: PodView, container: ContainerView, position: LogPosition, first: LogStart) {
    const run = `${pod.uid}/${container.name}/${container.restarts}`;
    const of = { namespace: pod.namespace, pod: pod.name, container: container.name };
    /** The beginning of a line that a stream ended in. */
    let rest: { readonly at: number; readonly text: string } | undefined;
    let retryMs = firstRetryMs;

    /** Resolves to whether the stream came to its end. */
    async function read(change: Partial<LogRequest>, until: AbortSignal): Promise<boolean> {
      const { since } = position;
      const isNew = position.resume();
      const onLine: OnLogLine = (timestamp, text, at, isWhole) => {
        retryMs = firstRetryMs;
        if (!isNew(timestamp, at, text, isWhole)) return;
        rest = isWhole ? undefined : { at, text };
        if (!isWhole) return;
        position.add(timestamp, at, text);
        tell(pod, container.name, at, text);
      };
      const stream = new AbortController();
      streams.add(stream);
      try {
        const request = { ...of, ...change, ...(since === undefined ? first : { since }) };
        await kubernetes.logs(request, onLine, AbortSignal.any([until, stream.signal]));
        return true;
      } catch (error) {
        retryMs = Math.max(retryMs, retryAfterOf(error) ?? 0);
        return false;
      } finally {
        streams.delete(stream);
      }
    }

    async function pause(until: AbortSignal): Promise<void> {
      await clock.sleep(retryMs, until);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    }

    return {
      /** Resolves to whether it was read to its end: a stream that was begun after the end of the run has brought all. */
      async follow(until: AbortSignal): Promise<boolean> {
        for (let triesLeft = triesOfEnded; triesLeft > 0 && !until.aborted && isLatest(run); ) {
          const isOver = !stillRuns(run);
          const isAtEnd = await read({ follow: true }, until);
          if (isOver && isAtEnd) return true;
          if (isOver) triesLeft -= 1;
          if (!isAtEnd || stillRuns(run)) await pause(until);
        }
        return false;
      },
      /** What is missing of a run that has ended, if its container has been started anew only once since. */
      async readPrevious(restarts: number): Promise<void> {
        while (!signal.aborted && restartsOf(pod, container.name) === restarts + 1) {
          if (await read({ previous: true }, signal)) return;
          await pause(signal);
        }
      },
      /** Tells the last words, when there was no newline behind them. */
      end(): void {
        if (rest && !signal.aborted) tell(pod, container.name, rest.at, rest.text);
      },
    };
  }

  /** Is it the run that a request for the container's log gets? */
  const isLatest = (run: string): boolean => containerOf(run) !== undefined;

  /** A run is over when the container has ended, was restarted, or its pod is gone. */
  function stillRuns(run: string): boolean {
    return containerOf(run)?.state === 'running';
  }

  function containerOf(run: string): ContainerView | undefined {
    const [uid = '', name, restarts] = run.split('/');
    const views = store.getState().pods[uid]?.view.containers ?? [];
    return views.find((one) => one.name === name && one.restarts === Number(restarts));
  }

  async function reportCrash(pod: PodView, container: ContainerView): Promise<void> {
    const crash = crashOf(container);
    if (!crash || (pod.deleting && crash.exitCode !== 1)) return;
    const key = `${pod.uid}/${container.name}/${crash.run}`;
    if (reported.has(key)) return;
    reported.add(key);
    let lines = await lastLines(pod, container.name, crash.previous);
    // It was started again meanwhile: what came may be the new run's.
    if (!crash.previous && restartsOf(pod, container.name) > crash.run)
      lines = await lastLines(pod, container.name, true);
    if (signal.aborted) return;
    const { exitCode, reason } = crash;
    store.dispatch({
      type: 'container.crashed',
      service: pod.service,
      uid: pod.uid,
      pod: pod.name,
      container: container.name,
      exitCode,
      reason,
      lines,
    });
  }

  /** The end of a container's log. @param previous that of the run before */
  async function lastLines({ namespace, name }: PodView, container: string, previous: boolean): Promise<string[]> {
    const lines: string[] = [];
    const request = { namespace, pod: name, container, tail: crashLines, previous };
    await kubernetes
      .logs(request, (_, text) => lines.push(text), signal)
      .catch(() => lines.push('(its log could not be read)'));
    return lines;
  }

  const restartsOf = ({ uid }: PodView, container: string): number =>
    store.getState().pods[uid]?.view.containers.find(({ name }) => name === container)?.restarts ?? 0;

  function tell(pod: PodView, container: string, at: number, text: string): void {
    store.dispatch({
      type: 'log',
      line: { at, service: pod.service, source: 'container', pod: pod.name, container, text },
    });
  }

  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'pod.changed') onPod(event.pod);
    if (event.type === 'cluster.connected') for (const stream of streams) stream.abort();
  });
  signal.addEventListener('abort', unsubscribe);
  return {
    listed: () => {
      isListed = true;
    },
  };
}

/** The last bad end of a container that ended before the loop began is told too: it is why the pod is not well. */
function crashOf(container: ContainerView) {
  if (container.state === 'terminated' && container.exitCode !== undefined && container.exitCode !== 0) {
    return {
      exitCode: container.exitCode,
      reason: container.reason ?? 'Error',
      run: container.restarts,
      previous: false,
    };
  }
  if (container.last && container.last.exitCode !== 0 && !container.ready) {
    // While it waits to be started again, the run that ended is still its latest.
    const waits = container.state === 'waiting';
    return { ...container.last, run: waits ? container.restarts : container.restarts - 1, previous: !waits };
  }
  return undefined;
}
