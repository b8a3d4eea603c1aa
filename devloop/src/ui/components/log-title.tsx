import { useContext } from 'react';
import { type Span, span, spansWidth } from '../../lib/spans.ts';
import { ScreenContext } from '../hooks.ts';
import type { LogView } from '../logs/log-view.ts';
import { Row } from './row.tsx';

interface Props {
  readonly view: LogView;
  readonly selected: string | undefined;
  /** Lines that match the filter. */
  readonly matches: number;
  /** Lines after the last one that shows. */
  readonly below: number;
}

/** The rule above the logs: whose they are, the filter, and whether they follow. */
export function LogTitle({ view, selected, matches, below }: Props) {
  const { columns } = useContext(ScreenContext);
  const left = [
    span('── '),
    span(selected ? `logs of ${selected}` : 'logs of all', { bold: true }),
    ...filterSpans(view, matches),
  ];
  const right = [span(' '), view.bottom === undefined ? span('following', { dim: true }) : frozen(below), span(' ──')];
  const rule = Math.max(1, columns - spansWidth(left) - spansWidth(right) - 1);
  return <Row spans={[...left, span(' '), span('─'.repeat(rule), { dim: true }), ...right]} />;
}

function filterSpans({ filter, typing }: LogView, matches: number): Span[] {
  if (!typing && filter === '') return [];
  const cursor = typing ? [span(' ', { inverse: true }), span(' Enter keeps, Esc clears', { dim: true })] : [];
  const count = filter === '' ? '' : ` ${matches} ${matches === 1 ? 'line' : 'lines'}`;
  return [
    span('  / ', { color: 'yellow' }),
    span(filter, { color: 'yellow', bold: true }),
    ...cursor,
    span(count, { dim: true }),
  ];
}

const frozen = (below: number): Span =>
  span(below === 0 ? 'frozen' : `frozen, ${below} new ${below === 1 ? 'line' : 'lines'}: F follows`, {
    color: 'yellow',
    bold: true,
  });
