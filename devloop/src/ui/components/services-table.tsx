import { useContext } from 'react';
import { span } from '../../lib/spans.ts';
import type { ServiceRow } from '../../state/service-row.ts';
import { ScreenContext, useFeed } from '../hooks.ts';
import type { Layout } from '../layout.ts';
import { visibleRange } from '../layout.ts';
import { Clickable } from '../mouse/clickable.tsx';
import { columnsFor, headingSpans } from '../service-columns.ts';
import { rowSpans } from '../service-row-spans.ts';
import { Row, Rows } from './row.tsx';

interface Props {
  readonly services: readonly ServiceRow[];
  readonly selected: string | undefined;
  /** The services that `unreadProblems` names. */
  readonly unread?: ReadonlySet<string>;
  readonly layout: Layout;
  /** Told of the service that was clicked. */
  readonly onClick?: (service: string) => void;
}

const none: ReadonlySet<string> = new Set();

/** One row per service; where not all fit, the part around the selected one, and how many are above and below it. */
export function ServicesTable({ services, selected, unread = none, layout, onClick }: Props) {
  const { columns: width } = useContext(ScreenContext);
  const { now, lost } = useFeed((snapshot) => ({ now: snapshot.now, lost: snapshot.state.clusterLost !== undefined }));
  if (services.length === 0)
    return <Row spans={[span('  Reading the configuration and looking for the cluster.', { dim: true })]} />;

  const columns = columnsFor(width, services);
  const index = services.findIndex(({ name }) => name === selected);
  const { from, to } = visibleRange(services.length, index, layout.services);
  const others = [...(from > 0 ? [`▲ ${from}`] : []), ...(to < services.length ? [`▼ ${services.length - to}`] : [])];
  const note = others.length > 0 ? `${others.join(' ')} more` : '';
  const heading = layout.heading > 0 ? [headingSpans(columns, note)] : [];
  const rows = services
    .slice(from, to)
    .map((row) => rowSpans(row, columns, { selected: row.name === selected, unread: unread.has(row.name), lost, now }));
  const click = (_: number, row: number) => {
    const clicked = services[from + row - heading.length];
    if (clicked && row >= heading.length) onClick?.(clicked.name);
  };
  return (
    <Clickable onClick={click}>
      <Rows rows={[...heading, ...rows]} />
    </Clickable>
  );
}
