import type { CommandRecord } from '../model/operation.ts';
import type { LoopState } from '../state/state.ts';
import { noticeShownFor } from './headline.ts';

/**
 * In how many milliseconds the screen changes without any event: a running build or deploy shows its age in seconds,
 * a notice goes after a while. Undefined when nothing does.
 */
export function nextWake({ state, now }: { readonly state: LoopState; readonly now: number }): number | undefined {
  const notice = state.notices.at(-1);
  const expiry = notice ? notice.at + noticeShownFor - now : 0;
  const waits = [...(isBusy(state) ? [1000] : []), ...(expiry > 0 ? [expiry] : [])];
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

const isBusy = (state: LoopState): boolean =>
  Object.values(state.services).some(({ build }) => build.status === 'running') ||
  Object.values(state.releases).some(({ deploy }) => deploy.status === 'running') ||
  isRunning(state.commands.at(-1));

const isRunning = (command: CommandRecord | undefined): boolean =>
  command !== undefined && command.exitCode === undefined;
