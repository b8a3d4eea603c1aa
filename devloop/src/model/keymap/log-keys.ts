import type { Binding } from './binding.ts';

/** What a key can do to the logs. */
export type LogCommand =
  | 'filter'
  | 'nextMatch'
  | 'previousMatch'
  | 'toggleMode'
  | 'toggleLevels'
  | 'toggleRaw'
  | 'follow'
  | 'wrap'
  | 'timestamps'
  | 'since'
  | 'marker'
  | 'clear'
  | 'unclear'
  | 'nextPod'
  | 'nextContainer'
  | 'lineUp'
  | 'lineDown'
  | 'pageUp'
  | 'pageDown'
  | 'oldest'
  | 'newest';

/** The keys of the logs; less and k9s have most of them, too. */
export const logKeys: readonly Binding<LogCommand>[] = [
  { command: 'filter', keys: ['/'], label: 'filter', description: 'Filter the logs: text or regex, ! inverts' },
  { command: 'nextMatch', keys: ['n'], description: 'Go to the next match' },
  { command: 'previousMatch', keys: ['N'], description: 'Go to the match before' },
  { command: 'toggleMode', keys: ['a'], description: 'With a filter: all lines, or only the matches' },
  { command: 'follow', keys: ['F', 'space'], label: 'follow', description: 'Follow new lines, or freeze' },
  { command: 'toggleLevels', keys: ['e'], label: 'errors', description: 'Only warnings and errors, or all levels' },
  {
    command: 'timestamps',
    keys: ['t'],
    label: 'time',
    description: 'Show the time of each line, the time between, or none',
  },
  { command: 'wrap', keys: ['w'], label: 'wrap', description: 'Wrap long lines, or cut them' },
  { command: 'toggleRaw', keys: ['v'], description: 'Show JSON lines raw, or readable' },
  { command: 'since', keys: ['T'], description: 'Lines of the last 1, 5, 15, 60 minutes, or all' },
  { command: 'marker', keys: ['m'], description: 'Put a marker with the time below the newest line' },
  { command: 'clear', keys: ['C', 'ctrl+l'], description: 'Clear the logs away' },
  { command: 'unclear', keys: ['B'], description: 'Bring back what was cleared' },
  {
    command: 'nextPod',
    keys: ['P'],
    in: 'service',
    description: 'Logs of one pod of the service, the next one, or all',
  },
  { command: 'nextContainer', keys: ['i'], in: 'service', description: 'Logs of one container, the next one, or all' },
  { command: 'lineUp', keys: ['shift+up', 'K'], description: 'Scroll a line up' },
  { command: 'lineDown', keys: ['shift+down', 'J'], description: 'Scroll a line down' },
  { command: 'pageUp', keys: ['pgup', 'ctrl+b'], description: 'Scroll a page up' },
  { command: 'pageDown', keys: ['pgdn', 'ctrl+f'], label: 'page', description: 'Scroll a page down' },
  { command: 'oldest', keys: ['g', 'home'], description: 'Go to the oldest line' },
  { command: 'newest', keys: ['G', 'end'], description: 'Go to the newest line and follow' },
];
