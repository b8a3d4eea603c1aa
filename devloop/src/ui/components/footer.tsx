import { useContext } from 'react';
import { type Span, span, spansWidth } from '../../lib/spans.ts';
import type { Binding } from '../../model/keymap/binding.ts';
import type { Keymap } from '../../model/keymap/keymap.ts';
import { lastKeys } from '../../model/keymap/navigation-keys.ts';
import { ScreenContext, useSession, useView } from '../hooks.ts';
import { showKey } from '../key-name.ts';
import { Row } from './row.tsx';

/** The keys that matter most where the user is, as many as fit; the way to the others, and out, always. */
export function Footer() {
  const { columns } = useContext(ScreenContext);
  const { keymap } = useSession();
  const { place, mode } = useView((view) => ({
    place: view.screen,
    mode: view.overlay?.kind ?? (view.logs.typing ? ('filter' as const) : undefined),
  }));
  if (mode === 'filter') return <Row spans={[...entry('Enter', 'keep the filter'), ...entry('Esc', 'clear it')]} />;
  if (mode === 'palette')
    return <Row spans={[...entry('↑/↓', 'select'), ...entry('Enter', 'do it'), ...entry('Esc', 'close')]} />;
  const here = keymap().filter(
    (binding) => (binding.in ?? place) === place && binding.label && binding.keys.length > 0,
  );
  const isLast = ({ command }: Binding) => lastKeys.some((last) => last.command === command);
  const always = here.filter(isLast).map((binding) => entry(keysOf(binding, keymap()), binding.label ?? ''));
  const rest = here
    .filter((binding) => !isLast(binding))
    .map((binding) => entry(keysOf(binding, keymap()), binding.label ?? ''));
  while (rest.length > 0 && spansWidth([...rest, ...always].flat()) > columns) rest.pop();
  return <Row spans={[...rest, ...always].flat()} />;
}

// Two commands are one entry where they are the two ways of one thing.
const pairs: Readonly<Record<string, string>> = {
  selectNext: 'selectPrevious',
  pageDown: 'pageUp',
  nextTab: 'previousTab',
  nextService: 'previousService',
};

function keysOf({ command, keys }: Binding, keymap: Keymap): string {
  const partner = keymap.find((other) => other.command === pairs[command]);
  return [partner?.keys.at(-1) === 'left' ? undefined : partner?.keys[0], keys[0]]
    .flatMap((key) => (key ? [showKey(key)] : []))
    .join('/');
}

const entry = (keys: string, label: string): Span[] => [
  span(` ${keys}`, { bold: true }),
  span(` ${label} `, { dim: true }),
];
