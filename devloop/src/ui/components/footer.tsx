import { useContext } from 'react';
import { type Span, span, spansWidth } from '../../lib/spans.ts';
import { ScreenContext, useView } from '../hooks.ts';
import { type Binding, keymap, showKey } from '../keymap.ts';
import { Row } from './row.tsx';

/** The keys that matter most, as many as fit; the last two, help and quit, always. */
export function Footer() {
  const { columns } = useContext(ScreenContext);
  const typing = useView((view) => view.logs.typing);
  if (typing) return <Row spans={[...entry('Enter', 'keep the filter'), ...entry('Esc', 'clear it')]} />;

  const entries = keymap.flatMap((binding) => (binding.label ? [entry(keysOf(binding), binding.label)] : []));
  const always = entries.slice(-2);
  const rest = entries.slice(0, -2);
  while (rest.length > 0 && spansWidth([...rest, ...always].flat()) > columns) rest.pop();
  return <Row spans={[...rest, ...always].flat()} />;
}

// Two commands are one entry where they are the two ways of one thing.
const pairs: Readonly<Record<string, string>> = { selectNext: 'selectPrevious', pageDown: 'pageUp' };

function keysOf({ command, keys }: Binding): string {
  const partner = keymap.find((other) => other.command === pairs[command]);
  return [partner?.keys[0], keys[0]].flatMap((key) => (key ? [showKey(key)] : [])).join('/');
}

const entry = (keys: string, label: string): Span[] => [
  span(` ${keys}`, { bold: true }),
  span(` ${label} `, { dim: true }),
];
