import type { ServiceRow } from '../../state/service-row.ts';
import type { Feed } from '../feed.ts';
import type { LogIndex } from '../logs/log-index.ts';
import type { ServiceOrder } from '../service-order.ts';
import { selectedName, type ViewState } from '../view-state.ts';

/** What commands work with besides the view. */
export interface CommandContext {
  readonly feed: Feed;
  readonly logs: LogIndex;
  readonly order: () => ServiceOrder;
  /** Where the log, the rows of a tab, or the help show: columns and rows of the terminal. */
  readonly area: { readonly columns: number; readonly height: number };
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function selectedRow({ order }: Pick<CommandContext, 'order'>, view: ViewState): ServiceRow | undefined {
  const { rows } = order();
  const name = selectedName(view, rows);
  return rows.find((row) => row.name === name);
}
