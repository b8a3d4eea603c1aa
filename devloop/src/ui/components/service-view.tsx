import { useContext } from 'react';
import { failurePanel } from '../failure-panel.ts';
import { ScreenContext, useFeed, useSession, useView } from '../hooks.ts';
import { LogPanel } from '../logs/log-panel.tsx';
import { selectedName } from '../view-state.ts';
import { Rows } from './row.tsx';
import { ServicesTable } from './services-table.tsx';
import { TabBar } from './tab-bar.tsx';
import { TabPanel } from './tab-panel.tsx';

/** Rows of the one service, and of the tabs. */
const heading = 2;
const logTitleRows = 1;
const oneService = { heading: 0, services: 1, problem: 0, logs: 0 };
/** From so many rows on, the names of the columns show too. */
const rowsForNames = 18;

/** One service: its row, why it is not healthy, and its tabs. */
export function ServiceView({ height }: { readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  const { order, keymap } = useSession();
  const snapshot = useFeed((current) => current);
  const view = useView((current) => current);
  const { rows: services } = order();
  const selected = selectedName(view, services);
  const names = useFeed(({ state }) => Object.keys(state.services));
  const row = services.find(({ name }) => name === selected);

  const layout = { ...oneService, heading: row && height >= rowsForNames ? 1 : 0 };
  const room = height - heading - layout.heading;
  const panel = failurePanel(row, snapshot, keymap(), columns)(Math.floor(room / 2));
  const rest = room - panel.length;
  return (
    <>
      <ServicesTable services={row ? [row] : []} selected={undefined} layout={layout} />
      <Rows rows={panel} />
      <TabBar />
      {view.tab === 'logs' ? (
        <LogPanel view={view.logs} selected={selected} names={names} height={rest - logTitleRows} />
      ) : (
        <TabPanel height={rest} />
      )}
    </>
  );
}
