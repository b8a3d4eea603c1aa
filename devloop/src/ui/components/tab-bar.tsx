import { useContext } from 'react';
import { type Span, span, spansWidth } from '../../lib/spans.ts';
import { ScreenContext, useSession, useView } from '../hooks.ts';
import { Clickable } from '../mouse/clickable.tsx';
import { tabNames } from '../view-state.ts';
import { Row } from './row.tsx';

/** The tabs of the service view, with the number that opens each where there is room for it. */
export function TabBar() {
  const { columns } = useContext(ScreenContext);
  const { run } = useSession();
  const tab = useView((view) => view.tab);
  const long = tabNames.map((name, index) => entry(`${index + 1} ${name}`, name === tab));
  // The names tell more than the numbers where there is no room for both.
  const short = tabNames.map((name) => entry(name, name === tab));
  const spans = spansWidth(long) <= columns ? long : short;
  const click = (column: number) => {
    const name = tabNames.find((_, index) => column < spansWidth(spans.slice(0, index + 1)));
    if (name) run(`${name}Tab`);
  };
  return (
    <Clickable onClick={click}>
      <Row spans={spans} />
    </Clickable>
  );
}

const entry = (text: string, isOpen: boolean): Span =>
  span(` ${text} `, isOpen ? { inverse: true, bold: true } : { dim: true });
