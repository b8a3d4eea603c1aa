import { wallTime } from '../../lib/time-text.ts';
import type { PodState } from '../../state/state.ts';
import { elapsed, wholeSeconds } from './time-words.ts';

/** How long a pod took until it was Ready, or has been waiting for it, in words. */
export function readyText({ view, firstReadyAt }: PodState, now: number): string {
  const { createdAt, ready, readySince = firstReadyAt } = view;
  const first =
    firstReadyAt === undefined ? '' : `Ready ${wholeSeconds(firstReadyAt - createdAt)} after it was created`;
  if (!ready) {
    if (first === '') return `not Ready since it was created ${elapsed(now - createdAt)} ago`;
    const since = readySince === undefined ? '' : ` since ${wallTime(readySince)}`;
    return `not Ready${since} (it was ${first})`;
  }
  if (readySince === undefined) return 'Ready';
  const startedAt = Math.max(0, ...view.containers.flatMap(({ init, startedAt: at }) => (init || !at ? [] : [at])));
  const isAgain = firstReadyAt !== undefined && firstReadyAt < readySince;
  // A pod that lost its readiness and has it again was not started for it.
  const started = startedAt > Math.max(createdAt, isAgain ? firstReadyAt : 0) && startedAt <= readySince;
  const fromStart = started ? `${wholeSeconds(readySince - startedAt)} after its container started` : '';
  const times = `since ${wallTime(readySince)}`;
  if (isAgain) return `Ready again ${times}${fromStart && `, ${fromStart}`} (first ${first})`;
  return `${first || 'Ready'}${fromStart && `, ${fromStart}`} (${times})`;
}
