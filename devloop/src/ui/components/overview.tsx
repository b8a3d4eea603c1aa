import { useContext, useMemo } from 'react';
import { failureHeight } from '../failure-rows.ts';
import { ScreenContext, useFeed, useView } from '../hooks.ts';
import { layoutOf } from '../layout.ts';
import { orderedBy } from '../ordered-rows.ts';
import { selectedName } from '../view-state.ts';
import { FailurePanel } from './failure-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import { ServicesTable } from './services-table.tsx';

/** All services, why the selected one is not healthy, and the logs of all. */
export function Overview({ height }: { readonly height: number }) {
  const { columns } = useContext(ScreenContext);
  const state = useFeed((snapshot) => snapshot.state);
  const { byAttention, zoomed } = useView((view) => ({ byAttention: view.byAttention, zoomed: view.zoomed }));
  const services = orderedBy(byAttention, state);
  const selected = useView((view) => selectedName(view, services));
  const names = useMemo(() => Object.keys(state.services), [state.services]);
  if (zoomed) return <LogPanel selected={undefined} names={names} height={height - 1} />;

  const problem = services.find(({ name }) => name === selected)?.problem ?? state.configProblem;
  const layout = layoutOf({
    rows: height,
    services: services.length,
    problem: problem ? failureHeight(problem, columns) : 0,
  });
  return (
    <>
      <ServicesTable services={services} selected={selected} layout={layout} />
      {problem && layout.problem > 0 && <FailurePanel problem={problem} height={layout.problem} />}
      <LogPanel selected={undefined} names={names} height={layout.logs} />
    </>
  );
}
