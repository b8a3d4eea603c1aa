import { serviceRows } from '../state/service-row.ts';
import type { Snapshot } from './feed.ts';
import type { TabRow } from './tabs/tab-row.ts';
import { tabs } from './tabs/tabs.ts';
import { selectedName, type ViewState } from './view-state.ts';

/** The rows of the tab that shows; none of the logs', which have a way of their own. */
export function tabRows(
  view: Pick<ViewState, 'tab' | 'selected'>,
  { state, now }: Snapshot,
  columns = 80,
): readonly TabRow[] {
  const service = selectedName(view, serviceRows(state));
  const tab = tabs.find(({ name }) => name === view.tab);
  return tab && service !== undefined ? tab.rows({ state, service, now, columns }) : [];
}
