import { type LogCommand, logBindings } from './logs/log-keys.ts';

/** What a key can do. */
export type Command =
  | LogCommand
  | 'selectPrevious'
  | 'selectNext'
  | 'toggleScope'
  | 'back'
  | 'help'
  | 'quit'
  | 'interrupt';

export interface Binding {
  readonly command: Command;
  /** Names as `keyName` makes them; any of them does. */
  readonly keys: readonly string[];
  /** For the footer, a word; not set for keys that only the help shows. */
  readonly label?: string;
  /** For the help screen. */
  readonly description: string;
}

/** The one table of keys: what handles them, the footer and the help all read it. The footer keeps this order. */
export const keymap: readonly Binding[] = [
  { command: 'selectPrevious', keys: ['up', 'k'], description: 'Select the service above' },
  {
    command: 'selectNext',
    keys: ['down', 'j'],
    label: 'select',
    description: 'Select the service below',
  },
  {
    command: 'toggleScope',
    keys: ['enter', 'l'],
    label: 'logs',
    description: 'Logs of the selected service only, or of all',
  },
  ...logBindings,
  {
    command: 'back',
    keys: ['esc'],
    description: 'Back: close the help, clear the filter, show all logs',
  },
  { command: 'help', keys: ['?'], label: 'help', description: 'Show or close this help' },
  {
    command: 'quit',
    keys: ['q'],
    label: 'quit',
    description: 'Leave; the release keeps running in the cluster',
  },
  { command: 'interrupt', keys: ['ctrl+c'], description: 'Leave, with the exit code of an interrupted program' },
];

export const commandOf = (key: string): Command | undefined => keymap.find(({ keys }) => keys.includes(key))?.command;

const shown: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  enter: 'Enter',
  esc: 'Esc',
  space: 'Space',
  pgup: 'PgUp',
  pgdn: 'PgDn',
  home: 'Home',
  end: 'End',
  'shift+up': 'Shift-↑',
  'shift+down': 'Shift-↓',
  'ctrl+b': 'Ctrl-B',
  'ctrl+c': 'Ctrl-C',
  'ctrl+f': 'Ctrl-F',
  'ctrl+l': 'Ctrl-L',
};

/** A key's name as the screens write it. */
export const showKey = (key: string): string => shown[key] ?? key;
