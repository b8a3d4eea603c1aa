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
  | 'saveLog';

/** What is done to the selected service, and to the loop. */
export const actionKeys: readonly Binding<ActionCommand>[] = [
  { command: 'rebuild', keys: ['b'], label: 'rebuild', description: 'Build the image of the selected service anew' },
  {
    command: 'restart',
    keys: ['r'],
    label: 'restart',
    description: 'Restart its pods, as `kubectl rollout restart` does',
  },
  {
    command: 'shell',
    keys: ['s'],
    label: 'shell',
    description: 'A shell in its pod; devloop comes back when that ends',
  },
  { command: 'openUrl', keys: ['o'], label: 'open', description: 'Open its URL in the browser' },
  { command: 'rollBack', keys: ['u'], description: 'Roll its release back to the last revision that was healthy' },
  { command: 'pause', keys: ['p'], description: 'Pause: saved files wait until you resume; or resume' },
  { command: 'toggleService', keys: ['x'], description: 'Leave the service out of the loop, or take it in again' },
  { command: 'copy', keys: ['c'], description: 'Copy the log that shows, or the selected row' },
  { command: 'saveLog', keys: ['S'], description: 'Save the log that shows to a file' },
];
