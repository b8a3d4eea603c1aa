import { useContext } from 'react';
import { failurePanel } from '../failure-panel.ts';
import { ScreenContext, useFeed, useSession, useView } from '../hooks.ts';
import { layoutOf } from '../layout.ts';
import { LogPanel } from '../logs/log-panel.tsx';
import { selectedName } from '../view-state.ts';
import { Rows } from './row.tsx';
import { ServicesTable } from './services-table.tsx';

const logTitleRows = 1;

/** All services, why the selected one is not healthy, and the logs of all. */
export function Overview({ height }: { readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  const { order, keymap, view: viewStore, run } = useSession();
  const snapshot = useFeed((current) => current);
  const view = useView((current) => current);
  const { rows: services, unread } = order();
  const selected = selectedName(view, services);
  const names = useFeed(({ state }) => Object.keys(state.services));
  const logs = (rows: number) => <LogPanel view={view.logs} selected={selected} names={names} height={rows} />;
  if (view.zoomed) return logs(height - logTitleRows);

  const row = services.find(({ name }) => name === selected);
  const panel = failurePanel(row, snapshot, keymap(), columns);
  const layout = layoutOf({ rows: height, services: services.length, problem: panel(height).length });
  const click = (name: string) =>
    name === view.selected ? run('openService') : viewStore.set((current) => ({ ...current, selected: name, row: 0 }));
  return (
    <>
      <ServicesTable services={services} selected={selected} unread={unread} layout={layout} onClick={click} />
      <Rows rows={panel(layout.problem)} />
      {logs(layout.logs)}
    </>
  );
}
