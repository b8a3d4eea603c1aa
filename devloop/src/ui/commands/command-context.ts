import type { LogStore } from '../../state/log-store.ts';
import type { ServiceRow } from '../../state/service-row.ts';
import type { Feed } from '../feed.ts';
import type { ServiceOrder } from '../service-order.ts';
import { selectedName, type ViewState } from '../view-state.ts';

/** What commands work with besides the view. */
export interface CommandContext {
  readonly feed: Feed;
  readonly logs: LogStore;
  readonly order: () => ServiceOrder;
  /** How many rows of logs, of a tab or of the help show. */
  readonly page: number;
}

export function selectedRow({ order }: Pick<CommandContext, 'order'>, view: ViewState): ServiceRow | undefined {
  const { rows } = order();
  const name = selectedName(view, rows);
  return rows.find((row) => row.name === name);
}
