import { useContext } from 'react';
import { type Span, span, spansWidth } from '../../lib/spans.ts';
import { ScreenContext, useView } from '../hooks.ts';
import { tabNames } from '../view-state.ts';
import { Row } from './row.tsx';

/** The tabs of the service view, with the number that opens each where there is room for it. */
export function TabBar() {
  const { columns } = useContext(ScreenContext);
  const tab = useView((view) => view.tab);
  const long = tabNames.map((name, index) => entry(`${index + 1} ${name}`, name === tab));
  // The names tell more than the numbers where there is no room for both.
  const short = tabNames.map((name) => entry(name, name === tab));
  return <Row spans={spansWidth(long) <= columns ? long : short} />;
}

const entry = (text: string, isOpen: boolean): Span =>
  span(` ${text} `, isOpen ? { inverse: true, bold: true } : { dim: true });
