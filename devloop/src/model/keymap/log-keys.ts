import type { Binding } from './binding.ts';

export type LogCommand =
  | 'filter'
  | 'follow'
  | 'timestamps'
  | 'wrap'
  | 'lineUp'
  | 'lineDown'
  | 'pageUp'
  | 'pageDown'
  | 'oldest'
  | 'newest';

/** Looking through logs. */
export const logKeys: readonly Binding<LogCommand>[] = [
  { command: 'filter', keys: ['/'], label: 'filter', description: 'Show only lines that contain a text' },
  { command: 'follow', keys: ['F', 'space'], label: 'follow', description: 'Follow new lines, or freeze' },
  { command: 'timestamps', keys: ['t'], label: 'time', description: 'Show or hide the time of each line' },
  { command: 'wrap', keys: ['w'], label: 'wrap', description: 'Wrap long lines, or cut them' },
  { command: 'lineUp', keys: ['shift+up', 'K'], description: 'Scroll a line up' },
  { command: 'lineDown', keys: ['shift+down', 'J'], description: 'Scroll a line down' },
  { command: 'pageUp', keys: ['pgup', 'ctrl+b'], description: 'Scroll a page up' },
  { command: 'pageDown', keys: ['pgdn', 'ctrl+f'], label: 'scroll', description: 'Scroll a page down' },
  { command: 'oldest', keys: ['g', 'home'], description: 'Go to the oldest line' },
  { command: 'newest', keys: ['G', 'end'], description: 'Go to the newest line and follow' },
];
