import type { Clock } from '../model/clock.ts';
import type { ContainerView, PodView } from '../model/pod.ts';
import type { Store } from '../state/store.ts';
import type { Kubernetes } from './outside.ts';

/** How far back the log of a pod goes that was there before. */
export interface LogStart {
  /** Only the last so many lines. */
  readonly tail?: number;
  /** RFC 3339. */
  readonly since?: string;
}

/** How far the log of a container has been told. */
interface Position {
  /** The timestamp of the last line, empty before the first. */
  last: string;
  /** How many lines of that timestamp. */
  atLast: number;
  /** Ends the stream of the newest run that is followed; resolves when it has ended. */
  end: () => Promise<void>;
}

const crashLines = 20;
const retryMs = 500;
/** Milliseconds that the stream of a run gets for its last lines when the next run is there. */
const lastLinesMs = 2000;

/**
 * Follows every container of the releases' pods from its first line, and fetches the last lines of one that ended
 * badly. A stream that breaks is taken up again after the last line that was seen.
 */
export function followLogs(
  kubernetes: Kubernetes,
  clock: Clock,
  store: Store,
  start: LogStart,
  signal: AbortSignal,
): void {
  const startedAt = clock.now();
  const followed = new Set<string>();
  const positions = new Map<string, Position>();
  const reported = new Set<string>();

  function onPod(pod: PodView): void {
    for (const container of pod.containers) {
      const run = `${pod.uid}/${container.name}/${container.restarts}`;
      if (container.state !== 'waiting' && !followed.has(run)) {
        followed.add(run);
        void followNext(pod, container, run);
      }
      void reportCrash(pod, container);
    }
  }

  /**
   * One run of a container after the other: a request names no run, so one for a run that has just ended may bring the
   * lines of the next, which must not come twice.
   */
  async function followNext(pod: PodView, container: ContainerView, run: string): Promise<void> {
    const key = `${pod.uid}/${container.name}`;
    const position = positions.get(key) ?? { last: '', atLast: 0, end: async () => {} };
    positions.set(key, position);
    const before = position.end();
    const ending = new AbortController();
    const over = before.then(() => followRun(pod, container, run, position, AbortSignal.any([signal, ending.signal])));
    position.end = async () => {
      await Promise.race([over, clock.sleep(lastLinesMs, signal)]);
      ending.abort();
      await over;
    };
    await over;
  }

  async function followRun(
    pod: PodView,
    container: ContainerView,
    run: string,
    position: Position,
    signal: AbortSignal,
  ): Promise<void> {
    const old = pod.createdAt < startedAt - 1000 && container.restarts === 0;
    // One that has ended may still have lines that no stream has brought.
    for (let over = false; !over && !signal.aborted && isLatest(run); ) {
      over = !stillRuns(run);
      const { last } = position;
      const since = last ? { since: last } : {};
      const skip = { timestamp: last, count: position.atLast };
      const request = { namespace: pod.namespace, pod: pod.name, container: container.name, follow: true, ...since };
      const onLine = (timestamp: string, text: string, at: number) => {
        // A resumed stream begins at the whole second of the last line: what was seen is dropped.
        if (timestamp < skip.timestamp) return;
        if (timestamp === skip.timestamp && skip.count > 0) {
          skip.count -= 1;
          return;
        }
        position.atLast = timestamp === position.last ? position.atLast + 1 : 1;
        position.last = timestamp;
        tell(pod, container.name, at, text);
      };
      const ended = await kubernetes.logs(old && !last ? { ...request, ...start } : request, onLine, signal).then(
        () => !stillRuns(run),
        () => false,
      );
      if (ended || over) break;
      await clock.sleep(retryMs, signal);
    }
  }

  /** Is it the run that a request for the container's log gets? */
  const isLatest = (run: string): boolean => containerOf(run) !== undefined;

  /** A run is over when the container has ended, was restarted, or its pod is gone. */
  function stillRuns(run: string): boolean {
    return containerOf(run)?.state === 'running';
  }

  function containerOf(run: string): ContainerView | undefined {
    const [uid = '', name, restarts] = run.split('/');
    const containers = store.getState().pods[uid]?.view.containers ?? [];
    return containers.find((one) => one.name === name && one.restarts === Number(restarts));
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
  });
  signal.addEventListener('abort', unsubscribe);
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
