import { tabRows } from '../tab-rows.ts';
import type { ViewState } from '../view-state.ts';
import type { CommandContext } from './command-context.ts';
import { applyLogs } from './log-commands.ts';

/** One row on in the tab that shows, or one line in its logs. */
export function moveRow(view: ViewState, by: number, context: CommandContext): ViewState {
  if (view.tab === 'logs') return applyLogs(view, by < 0 ? 'lineUp' : 'lineDown', context);
  const { length } = tabRows(view, context.feed.get(), context.area.columns);
  return { ...view, row: Math.min(Math.max(0, view.row + by), Math.max(0, length - 1)) };
}
