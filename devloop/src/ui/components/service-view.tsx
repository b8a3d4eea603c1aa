import { useContext, useMemo } from 'react';
import { serviceRows } from '../../state/service-row.ts';
import { failureHeight } from '../failure-rows.ts';
import { ScreenContext, useFeed, useView } from '../hooks.ts';
import { LogPanel } from '../logs/log-panel.tsx';
import { selectedName } from '../view-state.ts';
import { FailurePanel } from './failure-panel.tsx';
import { ServicesTable } from './services-table.tsx';
import { TabBar } from './tab-bar.tsx';
import { TabPanel } from './tab-panel.tsx';

/** Rows of the one service, and of the tabs. */
const heading = 2;

/** One service: its row, its tabs, and why it is not healthy. */
export function ServiceView({ height }: { readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  const state = useFeed((snapshot) => snapshot.state);
  const view = useView((current) => current);
  const { tab } = view;
  const services = serviceRows(state);
  const selected = selectedName(view, services);
  const names = useMemo(() => Object.keys(state.services), [state.services]);
  const row = services.find(({ name }) => name === selected);

  const room = height - heading;
  const problem = row?.problem;
  const problemRows = problem ? Math.min(failureHeight(problem, columns), Math.floor(room / 2)) : 0;
  const rest = room - problemRows;
  return (
    <>
      <ServicesTable
        services={row ? [row] : []}
        selected={selected}
        layout={{ heading: 0, services: 1, problem: 0, logs: 0 }}
      />
      {problem && problemRows > 0 && <FailurePanel problem={problem} height={problemRows} />}
      <TabBar />
      {tab === 'logs' ? (
        <LogPanel view={view.logs} selected={selected} names={names} height={rest - 1} />
      ) : (
        <TabPanel height={rest} />
      )}
    </>
  );
}
