import type { Clock } from '../model/clock.ts';
import { messageOf } from '../model/errors.ts';
import type { ClusterView } from '../model/events.ts';
import type { ProjectSpec } from '../model/project.ts';
import type { Store } from '../state/store.ts';
import { awaitFirstAnswer } from './await-first-answer.ts';
import { clusterHandlers } from './cluster-handlers.ts';
import { createEditGate } from './edit-gate.ts';
import { startExecutor } from './executor.ts';
import { followLogs } from './follow-logs.ts';
import { followStats } from './follow-stats.ts';
import { type Bound, createForwards, type Listen } from './forwards.ts';
import { noticeGreen } from './notice-green.ts';
import { noticeHealth } from './notice-health.ts';
import { noticeLive } from './notice-live.ts';
import type { ChangedFiles, Outside, WatchHandlers } from './outside.ts';
import { PodTraffic } from './pod-traffic.ts';
import { pruneImages } from './prune-images.ts';
import { reloadConfig } from './reload-config.ts';
import { runProbes } from './run-probes.ts';
import { startLiveUpdates } from './update/live-updates.ts';
import { dispatchEdit } from './watch-edits.ts';

/** Of a pod that was there before the loop, so many of its last lines are shown. */
const tailOfOldPod = 100;

export interface LoopParts {
  readonly outside: Outside;
  readonly clock: Clock;
  readonly store: Store;
  readonly project: ProjectSpec;
  readonly cluster: ClusterView;
  /** The local ports, bound before the loop so that a taken one changes nothing. */
  readonly bound: Bound;
  readonly listen: Listen;
  /** Reads the configuration again. */
  readonly loadProject: () => Promise<ProjectSpec>;
  /** False for `up --once`: nothing is watched on this machine. */
  readonly watchFiles: boolean;
}

/**
 * The loop: from the first build until the signal aborts. Parts are started from the outside in, and end in the
 * opposite order: first what changes the cluster, then what looks at it.
 */
export async function runLoop(parts: LoopParts, signal: AbortSignal): Promise<void> {
  const { outside, clock, store, project, cluster, bound, listen, watchFiles } = parts;
  const { kubernetes, files } = outside;
  const looking = new AbortController();
  const traffic = new PodTraffic(clock);
  const forwards = createForwards(kubernetes, clock, store, listen, traffic);
  const live = startLiveUpdates(outside, clock, store, traffic);
  let filesWatch = new AbortController();

  async function watch(current: ProjectSpec): Promise<void> {
    const before = filesWatch;
    filesWatch = new AbortController();
    try {
      await files.watch(current, watchHandlers, AbortSignal.any([filesWatch.signal, looking.signal]));
    } catch (error) {
      filesWatch = before;
      throw error;
    }
    // Only now: what is saved meanwhile is seen by one of the two.
    before.abort();
  }

  // One after the other: a configuration that loads slowly must not overtake the one that was saved after it.
  let batches = Promise.resolve();
  function inTurn(work: () => Promise<void>): void {
    batches = batches
      .then(work)
      .catch((error: unknown) => store.dispatch({ type: 'notice', level: 'warning', text: messageOf(error) }));
  }
  const gate = createEditGate(clock, store, files, (batch) => inTurn(() => takeBatch(batch)));
  const onToggled = store.subscribe((event) => {
    if (event.type === 'service.toggled') inTurn(() => takeToggle(event.service));
  });

  async function takeToggle(service: string): Promise<void> {
    if (looking.signal.aborted) return;
    const { project: now = project } = store.getState();
    await forwards.reconcile(now);
    const missed = now.services.find(({ name }) => name === service)?.active ? gate.wake(service) : undefined;
    if (missed) dispatchEdit(store, files, missed, service);
  }

  async function takeBatch(saved: ChangedFiles): Promise<void> {
    const { changed, savedAgain } = await files.takeChanged(saved.files);
    const batch = { ...saved, files: changed };
    if (looking.signal.aborted) return;
    const { project: known = project, configProblem } = store.getState();
    // What made a configuration bad may be outside of it: it is tried again when it is only saved.
    const maybeConfig = configProblem ? saved.files : batch.files;
    const reloaded = maybeConfig.some((file) => known.configInputs.includes(file))
      ? await reloadConfig(store, known, batch.changedAt, parts.loadProject)
      : undefined;
    if (looking.signal.aborted) return;
    dispatchEdit(store, files, { ...batch, savedAgain });
    gate.keepForAsleep(reloaded ?? known, batch);
    if (reloaded) await forwards.reconcile(reloaded);
    if (reloaded || batch.files.some((file) => /ignore$/.test(file))) await watch(reloaded ?? known);
  }

  const watchHandlers: WatchHandlers = {
    batch: gate.take,
    held: (hold) => store.dispatch(hold ? { type: 'watch.held', ...hold } : { type: 'watch.released' }),
    notice: (level, text) => store.dispatch({ type: 'notice', level, text }),
  };

  try {
    store.dispatch({ type: 'loop.started', project, cluster });
    // The ports have been listening since they were bound: from now on connections are held.
    await forwards.reconcile(project, bound);
    await kubernetes.ensureNamespace(project.namespace, signal);
    if (watchFiles) await watch(project);
    const logs = followLogs(kubernetes, clock, store, { tail: tailOfOldPod }, looking.signal);
    awaitFirstAnswer(kubernetes, clock, store, looking.signal);
    runProbes(kubernetes, clock, store, looking.signal);
    followStats(kubernetes, clock, store, looking.signal);
    noticeLive(store, looking.signal);
    noticeHealth(store, looking.signal);
    noticeGreen(store, looking.signal);
    pruneImages(outside, clock, store, looking.signal);
    const watching = kubernetes.watch(
      () => store.getState().project ?? project,
      clusterHandlers(store),
      looking.signal,
    );
    watching.then(logs.listed, () => {});
    // An API server that does not answer keeps nobody from quitting.
    await Promise.race([watching, aborted(signal)]);
    const executor = signal.aborted ? undefined : startExecutor(outside, clock, store, live);
    await aborted(signal);
    store.dispatch({ type: 'loop.stopping', why: String(signal.reason ?? 'stopped') });
    await executor?.stop();
  } finally {
    onToggled();
    gate.close();
    await live.stop();
    looking.abort();
    filesWatch.abort();
    await forwards.close();
    for (const server of bound.values()) server.close();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
