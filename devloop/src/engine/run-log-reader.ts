import type { Clock } from '../model/clock.ts';
import { retryAfterOf } from '../model/errors.ts';
import type { Store } from '../state/store.ts';
import { type ContainerRun, containerNow, latestRun, stillRuns } from './container-run.ts';
import type { LogPosition } from './log-position.ts';
import type { Kubernetes, LogRequest, OnLogLine } from './outside.ts';

/** How far back the log of a pod goes that was there before. */
export interface LogStart {
  /** Only the last so many lines. */
  readonly tail?: number;
  /** Epoch milliseconds. */
  readonly since?: number;
}

/** Milliseconds until a stream that broke is taken up again, doubled with each failure in a row. */
const firstRetryMs = 500;
const longestRetryMs = 5000;
/** A log that cannot be read is asked for so often once its container has ended. */
const triesOfEnded = 20;
/** Until then a restart of the container is known of, whose first lines look as if those before were gone. Milliseconds. */
const gapMs = 10_000;

/** What the readers of a project's logs share. */
export interface LogReading {
  readonly kubernetes: Kubernetes;
  readonly clock: Clock;
  readonly store: Store;
  /** Ends all of it. */
  readonly signal: AbortSignal;
  /** Those of the streams that are open; one that is aborted is taken up again. */
  readonly streams: Set<AbortController>;
}

/** Reads the log of one run of a container, whatever becomes of the streams. */
export class RunLogReader {
  readonly #reading: LogReading;
  readonly #run: ContainerRun;
  readonly #position: LogPosition;
  readonly #first: LogStart;
  /** The beginning of a line that a stream ended in. */
  #rest: { readonly at: number; readonly text: string } | undefined;
  #retryMs = firstRetryMs;
  /** The server has said how long it is to be left alone. */
  #isAskedToWait = false;
  /** Whether a line has been told of this run while it was followed. */
  #hasTold = false;

  /**
   * @param position how far the container's log has been told, over its runs
   * @param first how far back it goes where nothing of the container has been told
   */
  constructor(reading: LogReading, run: ContainerRun, position: LogPosition, first: LogStart) {
    this.#reading = reading;
    this.#run = run;
    this.#position = position;
    this.#first = first;
  }

  /** Resolves to whether it was read to its end: a stream that was begun after the end of the run has brought all. */
  async follow(until: AbortSignal): Promise<boolean> {
    const { store } = this.#reading;
    for (let triesLeft = triesOfEnded; triesLeft > 0 && !until.aborted; ) {
      if (!latestRun(store.getState(), this.#run)) break;
      const isOver = !stillRuns(store.getState(), this.#run);
      const isAtEnd = await this.#read({ follow: true }, until);
      if (isOver && isAtEnd) return true;
      if (isOver) triesLeft -= 1;
      if (!isAtEnd || stillRuns(store.getState(), this.#run)) await this.#pause(until);
    }
    return false;
  }

  /** What is missing of a run that has ended, if its container has been started anew only once since. */
  async readPrevious(restarts: number): Promise<void> {
    const { store, signal } = this.#reading;
    while (!signal.aborted && (containerNow(store.getState(), this.#run)?.restarts ?? 0) === restarts + 1) {
      if (await this.#read({ previous: true }, signal)) return;
      await this.#pause(signal);
    }
  }

  /** Tells the last words, when there was no newline behind them. */
  end(): void {
    if (this.#rest && !this.#reading.signal.aborted) this.#tell(this.#rest.at, this.#rest.text);
  }

  /** Resolves to whether the stream came to its end. */
  async #read(change: Partial<LogRequest>, until: AbortSignal): Promise<boolean> {
    const { kubernetes, streams } = this.#reading;
    const { pod, container } = this.#run;
    const { since } = this.#position;
    const mayHaveGap = change.follow && this.#hasTold;
    const isNew = this.#position.resume((after, before) => {
      if (mayHaveGap) void this.#tellGap(after, before);
    });
    const onLine: OnLogLine = (timestamp, text, at, isWhole) => {
      this.#retryMs = firstRetryMs;
      if (!isNew(timestamp, at, text, isWhole)) return;
      this.#rest = isWhole ? undefined : { at, text };
      if (!isWhole) return;
      this.#position.add(timestamp, at, text);
      this.#hasTold = change.follow ?? false;
      this.#tell(at, text);
    };
    const stream = new AbortController();
    streams.add(stream);
    try {
      const request = { namespace: pod.namespace, pod: pod.name, container, ...change };
      const from = since === undefined ? this.#first : { since };
      await kubernetes.logs({ ...request, ...from }, onLine, AbortSignal.any([until, stream.signal]));
      return true;
    } catch (error) {
      const retryAfter = retryAfterOf(error);
      this.#isAskedToWait = retryAfter !== undefined;
      this.#retryMs = Math.max(this.#retryMs, retryAfter ?? 0);
      return false;
    } finally {
      streams.delete(stream);
    }
  }

  /** News of the pod end it: a kubelet that is back may be about to remove the container, and its log with it. */
  async #pause(until: AbortSignal): Promise<void> {
    const { clock, store } = this.#reading;
    const news = new AbortController();
    const unsubscribe = store.subscribe((event) => {
      if (event.type === 'pod.changed' && event.pod.uid === this.#run.pod.uid && !this.#isAskedToWait) news.abort();
    });
    await clock.sleep(this.#retryMs, AbortSignal.any([until, news.signal]));
    unsubscribe();
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  /**
   * While a stream goes on, a kubelet follows its file over a rotation; a stream that is taken up again gets the newest
   * file only. https://github.com/kubernetes/kubernetes/blob/v1.22.0/pkg/kubelet/kuberuntime/logs/logs.go
   */
  async #tellGap(after: string, before: string): Promise<void> {
    const { clock, store, signal } = this.#reading;
    await clock.sleep(gapMs, signal);
    if (signal.aborted || !latestRun(store.getState(), this.#run)) return;
    const { pod, container } = this.#run;
    store.dispatch({
      type: 'notice',
      level: 'warning',
      text: `Lines of ${pod.name} (${container}) between ${secondOf(after)} and ${secondOf(before)} may be missing: its log was rotated on the node while it could not be read`,
    });
  }

  #tell(at: number, text: string): void {
    const { pod, container } = this.#run;
    this.#reading.store.dispatch({
      type: 'log',
      line: { at, service: pod.service, source: 'container', pod: pod.name, container, text },
    });
  }
}

/** @param timestamp RFC 3339 */
const secondOf = (timestamp: string): string => timestamp.replace(/\.\d+/, '');
