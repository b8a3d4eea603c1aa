import type { Binding } from './binding.ts';

export type NavigationCommand =
  | 'selectPrevious'
  | 'selectNext'
  | 'openService'
  | 'nextTab'
  | 'previousTab'
  | 'logsTab'
  | 'probesTab'
  | 'eventsTab'
  | 'buildsTab'
  | 'timelineTab'
  | 'commandsTab'
  | 'describeTab'
  | 'nextService'
  | 'previousService'
  | 'zoom'
  | 'sort'
  | 'back'
  | 'palette'
  | 'help'
  | 'quit'
  | 'interrupt';

/** Moving about. The first ones come first in the footer, the last ones last. */
export const navigationKeys: readonly Binding<NavigationCommand>[] = [
  { command: 'selectPrevious', keys: ['up', 'k'], description: 'Select the one above: a service, a row, a log line' },
  { command: 'selectNext', keys: ['down', 'j'], label: 'select', description: 'Select the one below' },
  { command: 'openService', keys: ['enter'], label: 'open', in: 'overview', description: 'Open the selected service' },
  { command: 'nextTab', keys: ['tab', 'right'], label: 'tabs', in: 'service', description: 'The next tab' },
  { command: 'previousTab', keys: ['shift+tab', 'left'], in: 'service', description: 'The tab before' },
  { command: 'nextService', keys: [']'], label: 'service', in: 'service', description: 'The next service' },
  { command: 'previousService', keys: ['['], in: 'service', description: 'The service before' },
  { command: 'logsTab', keys: ['l', '1'], description: 'Logs of the service' },
  { command: 'probesTab', keys: ['2'], description: 'Probes of the service, each result' },
  { command: 'eventsTab', keys: ['3'], description: 'Kubernetes events of the service' },
  { command: 'buildsTab', keys: ['4'], description: 'Builds of the service, step by step' },
  { command: 'timelineTab', keys: ['5'], description: 'Edits of the service, and where their time went' },
  { command: 'commandsTab', keys: ['6'], description: 'Commands of docker, helm and kubectl that devloop ran' },
  { command: 'describeTab', keys: ['7', 'd'], description: 'All that is known of the service' },
  { command: 'zoom', keys: ['z'], in: 'overview', description: 'Logs on the whole screen, and back' },
  {
    command: 'sort',
    keys: ['A'],
    in: 'overview',
    description: 'Sort: what needs attention first, or as configured',
  },
];

/** Always in the footer, at its end. */
export const lastKeys: readonly Binding<NavigationCommand>[] = [
  {
    command: 'back',
    keys: ['esc'],
    label: 'back',
    description: 'Back: close what is open, clear the filter, show all services',
  },
  { command: 'palette', keys: [':'], label: 'commands', description: 'Find a command by its name' },
  { command: 'help', keys: ['?'], label: 'help', description: 'Show or close this help' },
  { command: 'quit', keys: ['q'], label: 'quit', description: 'Leave; the release keeps running in the cluster' },
  { command: 'interrupt', keys: ['ctrl+c'], description: 'Leave, with the exit code of an interrupted program' },
];
