import { type ActionCommand, actionKeys } from './action-keys.ts';
import type { Binding, Place } from './binding.ts';
import { type LogCommand, logKeys } from './log-keys.ts';
import { lastKeys, type NavigationCommand, navigationKeys } from './navigation-keys.ts';

/** What a key can do. */
export type Command = NavigationCommand | ActionCommand | LogCommand;

/** The one table of keys: what handles them, the footer, the help, the palette and docs/keys.md all read it. */
export type Keymap = readonly Binding<Command>[];

/** The groups as the help shows them. */
export const keyGroups: readonly { readonly title: string; readonly bindings: Keymap }[] = [
  { title: 'Moving about', bindings: [...navigationKeys, ...lastKeys] },
  { title: 'The selected service', bindings: actionKeys },
  { title: 'Logs', bindings: logKeys },
];

/** In the order of the footer, which has room for the first of them only. */
export const defaultKeymap: Keymap = [
  ...navigationKeys,
  ...logKeys.slice(0, 1),
  ...actionKeys,
  ...logKeys.slice(1),
  ...lastKeys,
];

export const commandOf = (keymap: Keymap, key: string, place: Place): Command | undefined =>
  keymap.find((binding) => (binding.in ?? place) === place && binding.keys.includes(key))?.command;
