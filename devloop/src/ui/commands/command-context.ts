import type { LogStore } from '../../state/log-store.ts';
import type { ServiceRow } from '../../state/service-row.ts';
import type { Feed } from '../feed.ts';
import { orderedBy } from '../ordered-rows.ts';
import { selectedName, type ViewState } from '../view-state.ts';

/** What commands work with besides the view. */
export interface CommandContext {
  readonly feed: Feed;
  readonly logs: LogStore;
  /** How many rows of logs, of a tab or of the help show. */
  readonly page: number;
}

/** The services in the order of the screen. */
export const orderedRows = (
  { feed }: Pick<CommandContext, 'feed'>,
  view: Pick<ViewState, 'byAttention'>,
): readonly ServiceRow[] => orderedBy(view.byAttention, feed.get().state);

export const selectedRow = (context: Pick<CommandContext, 'feed'>, view: ViewState): ServiceRow | undefined => {
  const rows = orderedRows(context, view);
  const name = selectedName(view, rows);
  return rows.find((row) => row.name === name);
};
