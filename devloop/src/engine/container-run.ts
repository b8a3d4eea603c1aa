import type { ContainerView, PodView } from '../model/pod.ts';
import type { LoopState } from '../state/state.ts';

/** One run of a container: a restart begins another. */
export interface ContainerRun {
  readonly pod: PodView;
  readonly container: string;
  /** How often the container had been started anew before. */
  readonly restarts: number;
}

/** The container, over all its runs. */
export const containerKeyOf = ({ pod, container }: ContainerRun): string => `${pod.uid}/${container}`;

export const runKeyOf = (run: ContainerRun): string => `${containerKeyOf(run)}/${run.restarts}`;

/** What the container is now, whichever its run; undefined when its pod is gone. */
export const containerNow = ({ pods }: LoopState, { pod, container }: ContainerRun): ContainerView | undefined =>
  pods[pod.uid]?.view.containers.find(({ name }) => name === container);

/** What the container is now, while the run is its latest: the one that a request for its log gets. */
export function latestRun(state: LoopState, run: ContainerRun): ContainerView | undefined {
  const now = containerNow(state, run);
  return now?.restarts === run.restarts ? now : undefined;
}

/** A run is over when the container has ended, was restarted, or its pod is gone. */
export const stillRuns = (state: LoopState, run: ContainerRun): boolean => latestRun(state, run)?.state === 'running';
