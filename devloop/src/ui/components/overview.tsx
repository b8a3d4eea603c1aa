import { useContext, useMemo } from 'react';
import { failureHeight } from '../failure-rows.ts';
import { ScreenContext, useFeed, useSession, useView } from '../hooks.ts';
import { layoutOf } from '../layout.ts';
import { LogPanel } from '../logs/log-panel.tsx';
import { selectedName } from '../view-state.ts';
import { FailurePanel } from './failure-panel.tsx';
import { ServicesTable } from './services-table.tsx';

/** All services, why the selected one is not healthy, and the logs of all. */
export function Overview({ height }: { readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  const state = useFeed((snapshot) => snapshot.state);
  const { order } = useSession();
  const view = useView((current) => current);
  const { rows: services, unread } = order();
  const selected = selectedName(view, services);
  const names = useMemo(() => Object.keys(state.services), [state.services]);
  if (view.zoomed) return <LogPanel view={view.logs} selected={selected} names={names} height={height - 1} />;

  const problem = services.find(({ name }) => name === selected)?.problem ?? state.configProblem;
  const layout = layoutOf({
    rows: height,
    services: services.length,
    problem: problem ? failureHeight(problem, columns) : 0,
  });
  return (
    <>
      <ServicesTable services={services} selected={selected} unread={unread} layout={layout} />
      {problem && layout.problem > 0 && <FailurePanel problem={problem} height={layout.problem} />}
      <LogPanel view={view.logs} selected={selected} names={names} height={layout.logs} />
    </>
  );
}
