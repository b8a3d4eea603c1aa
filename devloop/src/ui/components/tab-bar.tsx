import { useContext } from 'react';
import { type Span, span, spansWidth } from '../../lib/spans.ts';
import { ScreenContext, useView } from '../hooks.ts';
import { tabNames } from '../view-state.ts';
import { Row } from './row.tsx';

/** The tabs of the service view, with the number that opens each. */
export function TabBar() {
  const { columns } = useContext(ScreenContext);
  const tab = useView((view) => view.tab);
  const long = tabNames.map((name, index) => entry(index, name, name === tab));
  // Where not all names fit, the number alone tells the others.
  const short = tabNames.map((name, index) => entry(index, name === tab ? name : '', name === tab));
  return <Row spans={(spansWidth(long.flat()) <= columns ? long : short).flat()} />;
}

const entry = (index: number, name: string, isOpen: boolean): Span[] => {
  const text = ` ${index + 1}${name && ' '}${name} `;
  return isOpen ? [span(text, { inverse: true, bold: true })] : [span(text, { dim: true })];
};
