import type { Binding } from './binding.ts';

export type ActionCommand =
  | 'rebuild'
  | 'restart'
  | 'rollBack'
  | 'shell'
  | 'openUrl'
  | 'pause'
  | 'toggleService'
  | 'copy'
  | 'copyFix'
  | 'saveLog';

/** What is done to the selected service, and to the loop. */
export const actionKeys: readonly Binding<ActionCommand>[] = [
  { command: 'rebuild', keys: ['b'], label: 'rebuild', description: 'Build the image anew' },
  {
    command: 'restart',
    keys: ['r'],
    label: 'restart',
    description: 'Restart the pods, as `kubectl rollout restart` does',
  },
  {
    command: 'shell',
    keys: ['s'],
    label: 'shell',
    description: 'A shell in the pod; devloop comes back when it ends',
  },
  { command: 'openUrl', keys: ['o'], label: 'open', description: 'Open the URL in the browser' },
  { command: 'rollBack', keys: ['u'], description: 'Roll the release back to the last healthy revision' },
  { command: 'pause', keys: ['p'], description: 'Pause: saved files wait until you resume; or resume' },
  { command: 'toggleService', keys: ['x'], description: 'Leave the service out of the loop, or take it in again' },
  { command: 'copy', keys: ['c'], label: 'copy', description: 'Copy the log that shows, or the selected row' },
  { command: 'copyFix', keys: ['y'], description: 'Copy the fix of what is wrong with the service' },
  { command: 'saveLog', keys: ['S'], description: 'Save the log that shows to a file' },
];
