import type { Command, Keymap } from '../model/keymap/keymap.ts';
import { showKey } from './key-name.ts';

/** The first key of a command, as it is shown; undefined when the user has taken all its keys away. */
export function shownKey(keymap: Keymap, command: Command): string | undefined {
  const key = keymap.find((binding) => binding.command === command)?.keys[0];
  return key && showKey(key);
}
