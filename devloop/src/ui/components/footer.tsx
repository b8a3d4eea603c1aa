import { useContext } from 'react';
import { type Span, span, spansWidth } from '../../lib/spans.ts';
import type { Binding, Place } from '../../model/keymap/binding.ts';
import type { Keymap } from '../../model/keymap/keymap.ts';
import { logKeys } from '../../model/keymap/log-keys.ts';
import { lastKeys } from '../../model/keymap/navigation-keys.ts';
import { ScreenContext, useSession, useView } from '../hooks.ts';
import { showKey } from '../key-name.ts';
import { showsLogs } from '../view-state.ts';
import { Row } from './row.tsx';

/** The keys that matter most where the user is, as many as fit; the way to the others, and out, always. */
export function Footer() {
  const { columns } = useContext(ScreenContext);
  const { keymap } = useSession();
  const { mode, ...where } = useView((view) => ({
    mode: view.overlay?.kind ?? (view.logs.typing ? ('filter' as const) : undefined),
    place: view.screen,
    isLog: showsLogs(view),
    isBack: view.screen === 'service' || view.zoomed || view.logs.filter !== '',
  }));
  if (mode !== undefined) return <Row spans={ofMode[mode].flatMap(([keys, label]) => entry(keys, label))} />;
  const here = keymap().filter((binding) => isUseful(binding, where));
  const isLast = ({ command }: Binding) => lastKeys.some((last) => last.command === command);
  const shown = (binding: Binding) => entry(keysOf(binding, keymap()), labelOf(binding, where));
  const always = here.filter(isLast).map(shown);
  const rest = here.filter((binding) => !isLast(binding)).map(shown);
  while (rest.length > 0 && spansWidth([...rest, ...always].flat()) > columns) rest.pop();
  return <Row spans={[...rest, ...always].flat()} />;
}

/** Where keys are text, or move something of their own. */
const ofMode = {
  filter: [
    ['Enter', 'keep the filter'],
    ['Esc', 'clear it'],
  ],
  palette: [
    ['↑/↓', 'select'],
    ['Enter', 'do it'],
    ['Esc', 'close'],
  ],
  help: [
    ['↑/↓', 'scroll'],
    ['PgUp/PgDn', 'page'],
    ['Esc', 'close'],
  ],
} as const;

interface Where {
  readonly place: Place;
  /** Whether log lines show. */
  readonly isLog: boolean;
  /** Whether there is something to go back from. */
  readonly isBack: boolean;
}

function isUseful(binding: Binding, { place, isLog, isBack }: Where): boolean {
  const { command, keys, label } = binding;
  if (!label || keys.length === 0 || (binding.in ?? place) !== place) return false;
  if (command === 'back') return isBack;
  return isLog || command === 'pageDown' || !logKeys.some((ofLogs) => ofLogs.command === command);
}

const labelOf = ({ command, label = '' }: Binding, { place, isLog }: Where): string =>
  command === 'selectNext' && place === 'service' && isLog ? 'scroll' : label;

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
