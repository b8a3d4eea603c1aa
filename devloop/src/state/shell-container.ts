import { containersOf } from './image-changes.ts';
import type { LoopState } from './state.ts';

/**
 * The container of a pod that a shell goes to: the one that is named, else the first that runs and has an image of the
 * service's own, else the first that runs.
 * @returns its name, or why there is none
 */
export function shellContainer(
  state: LoopState,
  podName: string,
  named?: string,
): { readonly container: string } | { readonly why: string } {
  const pod = Object.values(state.pods).find(({ view }) => view.name === podName)?.view;
  if (!pod) return { why: 'there is no such pod' };
  const running = pod.containers.filter(({ state: is, init }) => is === 'running' && !init);
  if (named !== undefined)
    return pod.containers.some(({ name, state: is }) => name === named && is === 'running')
      ? { container: named }
      : { why: `its container ${named} does not run` };
  const own = containersOf(state, pod.service);
  const found = running.find(({ name }) => own.includes(name)) ?? running[0];
  return found ? { container: found.name } : { why: 'none of its containers runs' };
}
